namespace Broker.Node.JsonRpc;

/// <summary>A service that code added.</summary>
/// <param name="App">The app whose channels it means.</param>
internal sealed record JsonRpcServiceEntry(string Name, Type Type, string App);
