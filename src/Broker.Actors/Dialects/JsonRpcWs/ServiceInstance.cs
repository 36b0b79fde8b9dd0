namespace Broker.Actors.Dialects.JsonRpcWs;

/// <summary>A service of one connection.</summary>
/// <param name="Service">Disposed when the connection has ended, where it can be.</param>
/// <param name="Scope">What it was made from; disposed after it.</param>
public sealed record ServiceInstance(JsonRpcService Service, IAsyncDisposable? Scope);
