using System.Collections.Concurrent;

namespace Broker.Actors.Dialects.JsonRpcWs;

/// <summary>
/// The open instances of a service on this node, from before each is told that it is open until before it is told that it has closed. From any thread. What is
/// to reach clients of other nodes goes through channels: <see cref="ServiceChannels"/>.
/// </summary>
public sealed class JsonRpcPeers
{
    private readonly ConcurrentDictionary<ServicePeer, JsonRpcService> _open = new();

    public int Count => _open.Count;

    /// <summary>Those that are open now.</summary>
    public IReadOnlyCollection<JsonRpcService> All => [.. _open.Values];

    /// <summary>Those that are open now, as what they are.</summary>
    public IEnumerable<TService> Of<TService>()
        where TService : JsonRpcService => All.OfType<TService>();

    /// <summary>Sends a notification to each; it becomes JSON once.</summary>
    /// <exception cref="NotSupportedException">A parameter does not become JSON.</exception>
    /// <exception cref="ArgumentException">It is larger than half of what may wait for a client, <c>Broker:Limits:OutboxBytes</c>.</exception>
    public void Notify(string method, params ReadOnlySpan<object?> parameters)
    {
        var frame = JsonRpcWsWriter.Call(id: default, method, parameters);
        foreach (var (peer, _) in _open)
        {
            peer.Send(frame);
        }
    }

    internal void Add(ServicePeer peer, JsonRpcService service) => _open.TryAdd(peer, service);

    internal void Remove(ServicePeer peer) => _open.TryRemove(peer, out _);
}
