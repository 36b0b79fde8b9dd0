using System.ComponentModel.DataAnnotations;

namespace Broker.Node.Settings;

/// <summary>Bounds of what clients can make the node hold or do.</summary>
public sealed class LimitsOptions
{
    /// <summary>Bytes of the largest message that a client may send. Default 64 KiB, at most 64 MiB; a larger one closes its session with 1009.</summary>
    [Range(1_024, 64 << 20)]
    public int FrameBytes { get; set; } = 64 * 1024;

    /// <summary>
    /// Bytes that may wait for one client; over it the client is closed as slow, with 3008. Default 1 MiB, or twice
    /// <c>FrameBytes</c> where that is more.
    /// </summary>
    [Range(64 * 1024, 1 << 30)]
    public int? OutboxBytes { get; set; }

    /// <summary>Bytes that may wait for all clients together; over it, those that lag are closed. Default a tenth of the memory.</summary>
    [Range(1L << 20, 1L << 46)]
    public long? OutboxMemory { get; set; }

    /// <summary>Bytes that the histories of all channels may hold together; the longest idle go first. Default a tenth of the memory.</summary>
    [Range(1L << 20, 1L << 46)]
    public long? HistoryMemory { get; set; }

    /// <summary>
    /// Bytes of memory that the process may use before it lets nobody in any more: new connections are answered 503, and
    /// <c>/health/ready</c> says <c>full</c>, until it uses a tenth less. Default four fifths of the memory.
    /// </summary>
    [Range(16L << 20, 1L << 46)]
    public long? Memory { get; set; }

    /// <summary>Sessions open at a time; one more is answered 503. Default 0: as many as the open-file limit has room for.</summary>
    [Range(0, 16_000_000)]
    public int Sessions { get; set; }

    /// <summary>Sessions open at a time from one address; one more is answered 429. Default 0: no limit.</summary>
    [Range(0, 16_000_000)]
    public int SessionsPerAddress { get; set; }

    /// <summary>Leading bits of an IPv6 address that count as the address: whoever has one has the whole block. Default 64.</summary>
    [Range(32, 128)]
    public int Ipv6Prefix { get; set; } = 64;

    /// <summary>WebSocket handshakes taken in a second, and at once; one more is answered 503. Default 0: any number.</summary>
    [Range(0, 1_000_000)]
    public int HandshakesPerSecond { get; set; }

    /// <summary>The same from one address; one more is answered 429. Default 0: any number.</summary>
    [Range(0, 1_000_000)]
    public int HandshakesPerSecondPerAddress { get; set; }

    /// <summary>
    /// Connections that have not sent a whole request yet; with one more, the one that waited longest is closed. Default 0: an eighth of the
    /// open-file limit, 10,000 at most.
    /// </summary>
    [Range(0, 1_000_000)]
    public int OpenHandshakes { get; set; }

    /// <summary>
    /// Connections to the HTTP server, those that became WebSockets not counted; with one more, the oldest is closed, after its request if one is
    /// under way. Default 0: an eighth of the open-file limit, 10,000 at most.
    /// </summary>
    [Range(0, 1_000_000)]
    public int HttpConnections { get; set; }

    /// <summary>Messages, pings and pongs that one session may send in a second, and at once; then the node reads from it no faster. Default 0: any number.</summary>
    [Range(0, 1_000_000_000)]
    public int FramesPerSecond { get; set; }

    /// <summary>Bytes that one session may send in a second, and at once, as they come over the wire; then the node reads from it no faster. Default 0: any number.</summary>
    [Range(0, int.MaxValue)]
    public int BytesPerSecond { get; set; }

    /// <summary>
    /// Events that one session, one user over HTTP, or over HTTP one address without a token may publish in a second, and at once; one more is refused, the
    /// session stays. Default 0: any number.
    /// </summary>
    [Range(0, 1_000_000_000)]
    public int PublishesPerSecond { get; set; }

    /// <summary>Events that may be published over HTTP from one address in a second, and at once, by backends too; one more is refused. Default 0: any number.</summary>
    [Range(0, 1_000_000_000)]
    public int HttpPublishesPerSecondPerAddress { get; set; }

    /// <summary>
    /// Wrong secrets that one address may bring in a minute, and at once, to the hubs of WebRocket; over it what it brings is refused unseen until time has
    /// passed. Default 60; 0: any number.
    /// </summary>
    [Range(0, 1_000_000)]
    public int WrongSecretsPerMinutePerAddress { get; set; } = 60;

    /// <summary>Channels that one session may subscribe to; one more is refused. Default 1,000.</summary>
    [Range(1, 1_000_000)]
    public int Subscriptions { get; set; } = 1_000;

    /// <summary>Bytes of a channel's name in UTF-8; a longer one is refused. Default 255.</summary>
    [Range(1, 4_096)]
    public int ChannelNameBytes { get; set; } = 255;

    /// <summary>Characters of an event's name; a longer one is refused. Default 128.</summary>
    [Range(1, 4_096)]
    public int EventNameLength { get; set; } = 128;

    /// <summary>Bytes of what a member tells about itself; more is refused. Default 4 KiB.</summary>
    [Range(1, 64 * 1024)]
    public int InfoBytes { get; set; } = 4_096;

    /// <summary>Events of one answer to a question for history; the answer ends there. Default 1,000.</summary>
    [Range(1, 100_000)]
    public int HistoryPage { get; set; } = 1_000;

    /// <summary>Seconds that a connection has to send its request's head; then it is closed. Default 10.</summary>
    [Range(1, 600)]
    public int HandshakeSeconds { get; set; } = 10;

    /// <summary>Bytes of a request's head; a larger one is answered 431. Default 16 KiB.</summary>
    [Range(1_024, 64 * 1024)]
    public int HeadBytes { get; set; } = 16 * 1024;

    /// <summary>Bytes of an HTTP request's body; a larger one is answered 413. Default 1 MiB.</summary>
    [Range(1_024, 64 << 20)]
    public int BodyBytes { get; set; } = 1 << 20;

    /// <summary>Levels of objects and arrays in a JSON text; a deeper one is refused as unparsable. Default 64.</summary>
    [Range(4, 1_000)]
    public int JsonDepth { get; set; } = 64;

    /// <summary>Requests in one JSON-RPC batch; a longer one is refused whole. Default 1,000.</summary>
    [Range(1, 100_000)]
    public int BatchEntries { get; set; } = 1_000;
}
