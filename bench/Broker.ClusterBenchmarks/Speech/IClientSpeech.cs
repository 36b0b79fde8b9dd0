using System.Net;
using Broker.TestKit.WebSockets;

namespace Broker.ClusterBenchmarks.Speech;

/// <summary>
/// What clients of a sort of server say and hear. Without state, so that any number of connections share one; who measures uses the same
/// client for all sorts.
/// </summary>
internal interface IClientSpeech
{
    /// <summary>A connection that may subscribe and publish.</summary>
    Task<CrowdClient> OpenAsync(IPEndPoint server, CancellationToken cancellationToken);

    /// <summary>Subscribes a connection that has no events yet, and waits for the answer; throws where it is refused.</summary>
    Task SubscribeAsync(CrowdClient client, string channel, CancellationToken cancellationToken);

    /// <summary>Bytes of a publish that carries its number and is answered.</summary>
    byte[] Publish(string channel, int number);

    /// <summary>Bytes of so many publishes, with payloads of so many bytes of JSON, that are not answered; for one write.</summary>
    byte[] Batch(string channel, int count, int payloadBytes);

    /// <summary>Understands a message of a connection that publishes as <see cref="Publish"/> says, or receives such events.</summary>
    Heard Hear(ReadOnlySpan<byte> message);
}
