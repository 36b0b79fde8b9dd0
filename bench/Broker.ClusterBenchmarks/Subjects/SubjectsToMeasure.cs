namespace Broker.ClusterBenchmarks.Subjects;

/// <summary>The broker, and what can be measured beside it.</summary>
internal static class SubjectsToMeasure
{
    private static readonly Dictionary<string, Func<int, Task<ISubject>>> All = new(StringComparer.Ordinal)
    {
        ["socketio"] = SocketIoSubject.StartAsync,
    };

    public static IReadOnlyCollection<string> Peers => All.Keys;

    /// <summary>How to start each, with a number of servers, in the order in which they are measured.</summary>
    public static IReadOnlyList<Func<int, Task<ISubject>>> Beside(string? peer) =>
        peer is null ? [BrokerSubject.StartAsync] : [BrokerSubject.StartAsync, All[peer]];
}
