namespace Broker.Client.Connections;

/// <summary>An open WebSocket. One sends and one receives at a time; both fail with whatever the network fails with.</summary>
internal interface ISocket : IDisposable
{
    ValueTask SendAsync(ReadOnlyMemory<byte> text, CancellationToken cancellationToken);

    /// <summary>Cancelling it makes the socket useless.</summary>
    ValueTask<Received> ReceiveAsync(CancellationToken cancellationToken);

    /// <summary>Sends a close frame with 1000, and does not wait for the other one.</summary>
    ValueTask CloseAsync(CancellationToken cancellationToken);
}
