using System.Collections.Concurrent;

namespace Broker.Node.Tests.JsonRpc;

/// <summary>A recorder for each connection of a test's own, by the query that the connection came with.</summary>
public sealed class Recorders
{
    private readonly ConcurrentDictionary<string, Recorder> _recorders = new(StringComparer.Ordinal);

    public Recorder Of(string query) => _recorders.GetOrAdd(query, _ => new Recorder());
}
