namespace Broker.ClusterBenchmarks.Subjects;

/// <summary>What servers have used since they started, all together.</summary>
/// <param name="BusMessages">That servers gave to what carries messages between them.</param>
/// <param name="BusBytes">The bytes of those.</param>
/// <param name="ServerCpuSeconds">Of the servers that clients are connected to.</param>
/// <param name="BusCpuSeconds">Of RabbitMQ or Redis.</param>
internal readonly record struct Usage(double BusMessages, double BusBytes, double ServerCpuSeconds, double BusCpuSeconds)
{
    public double CpuSeconds => ServerCpuSeconds + BusCpuSeconds;

    public static Usage operator -(Usage after, Usage before) => new(
        after.BusMessages - before.BusMessages,
        after.BusBytes - before.BusBytes,
        after.ServerCpuSeconds - before.ServerCpuSeconds,
        after.BusCpuSeconds - before.BusCpuSeconds);
}
