using System.Globalization;
using Broker.ClusterBenchmarks.Subjects;

namespace Broker.ClusterBenchmarks;

/// <summary>What a flood did, and what it cost.</summary>
/// <param name="Count">Publishes, all of which were received.</param>
/// <param name="Seconds">Until the last of them was.</param>
internal sealed record Flooded(ChannelSet Set, long Count, double Seconds, Usage Used)
{
    public static readonly string Head = $"{"",-24} {"received/s",12} {"asked",6} {"per CPU-s",12} {"with the bus",12} {"bus messages",13} {"bus bytes",10}";

    public double PerSecond => Count / Seconds;

    /// <summary>Publishes per CPU-second of the servers that clients are connected to.</summary>
    public double PerServerCpuSecond => Count / Used.ServerCpuSeconds;

    /// <summary>The same, of these and the bus.</summary>
    public double PerCpuSecond => Count / Used.CpuSeconds;

    /// <summary>Under the head; the bus's figures are per publish.</summary>
    public string Line(int asked) => string.Create(
        CultureInfo.InvariantCulture,
        $"  {Set.Name,-22} {PerSecond,12:N0} {PerSecond / asked,6:0 %} {PerServerCpuSecond,12:N0} {PerCpuSecond,12:N0} {Used.BusMessages / Count,13:0.0000} {Used.BusBytes / Count,10:0}");
}
