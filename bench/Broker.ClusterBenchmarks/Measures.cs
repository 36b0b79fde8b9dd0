using Broker.ClusterBenchmarks.Backends;

namespace Broker.ClusterBenchmarks;

/// <summary>What can be measured, by name.</summary>
internal static class Measures
{
    private static readonly Dictionary<string, Func<Options, Task>> All = new(StringComparer.Ordinal)
    {
        ["kill"] = options => TakeOver.MeasureAsync(options, Disturbance.Kill),
        ["stop"] = options => TakeOver.MeasureAsync(options, Disturbance.Stop),
        ["leave"] = options => TakeOver.MeasureAsync(options, Disturbance.Leave),
        ["latency"] = Latency.MeasureAsync,
        ["throughput"] = Throughput.MeasureAsync,
        ["channels"] = IdleChannels.MeasureAsync,
        ["members"] = MemberMoves.MeasureAsync,
        ["amqp"] = BackendRates.MeasureAsync,
    };

    public static IReadOnlyCollection<string> Names => All.Keys;

    public static Task RunAsync(string name, Options options) => All[name](options);
}
