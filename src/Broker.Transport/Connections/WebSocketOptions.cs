using System.ComponentModel.DataAnnotations;

namespace Broker.Transport.Connections;

/// <summary>Limits of WebSocket connections, whichever way they come in.</summary>
public sealed class WebSocketOptions
{
    /// <summary>Bytes of the largest message of a client, fragments together and inflated. Larger ones close with 1009. Default 64 KiB.</summary>
    [Range(125, 1 << 30)]
    public int MaxMessageBytes { get; set; } = 64 * 1024;

    /// <summary>Bytes that may wait for a client before its session is told that it is slow. Default 1 MiB.</summary>
    [Range(65_536, 1 << 30)]
    public int OutboxBytes { get; set; } = 1 << 20;

    /// <summary>Messages, pings and pongs that a client may send in a second, and at once; then reading pauses. Default 0: any number.</summary>
    [Range(0, 1_000_000_000)]
    public int FramesPerSecond { get; set; }

    /// <summary>Bytes that a client may send in a second, and at once, as they come over the wire; then reading pauses. Default 0: any number.</summary>
    [Range(0, int.MaxValue)]
    public int BytesPerSecond { get; set; }

    /// <summary>Milliseconds that a close may take, from our close frame to the end of the connection; then it is cut. Default 5 s.</summary>
    [Range(100, 60_000)]
    public int CloseTimeoutMs { get; set; } = 5_000;

    /// <summary>Milliseconds until a new connection must have sent its request; then it is closed. Default 10 s.</summary>
    [Range(100, 600_000)]
    public int HandshakeTimeoutMs { get; set; } = 10_000;

    /// <summary>New connections whose request has not come whole; above, the one that waited longest is closed. Default 10,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxOpenHandshakes { get; set; } = 10_000;

    /// <summary>Bytes of the largest request head that is read. Default 16 KiB.</summary>
    [Range(1_024, 65_536)]
    public int MaxHeadBytes { get; set; } = 16 * 1024;

    /// <summary>
    /// Bytes that wait for a client above which nothing more is read from it, until half of them have gone: what it asks for next
    /// shall find room. Also the most that is read in one go from a client to which much of it comes back.
    /// </summary>
    public int PauseAtBytes => OutboxBytes / 2;

    /// <summary>False refuses permessage-deflate. Default true.</summary>
    public bool IsDeflateAllowed { get; set; } = true;
}
