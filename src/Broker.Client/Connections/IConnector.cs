namespace Broker.Client.Connections;

/// <summary>Opens WebSockets to the broker.</summary>
internal interface IConnector
{
    /// <exception cref="HandshakeRefusedException">Something answered, but by no WebSocket. Any other exception: nothing did.</exception>
    Task<ISocket> ConnectAsync(CancellationToken cancellationToken);
}
