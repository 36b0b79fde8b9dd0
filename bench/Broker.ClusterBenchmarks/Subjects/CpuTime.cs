using System.Diagnostics;
using System.Globalization;

namespace Broker.ClusterBenchmarks.Subjects;

/// <summary>CPU time of processes, by the system.</summary>
internal static class CpuTime
{
    /// <summary>Seconds of a process and of all that it started and that run.</summary>
    public static double OfTree(int processId)
    {
        using var process = Process.GetProcessById(processId);
        var children = File.ReadAllText($"/proc/{processId}/task/{processId}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return process.TotalProcessorTime.TotalSeconds + children.Sum(child => OfTree(int.Parse(child, CultureInfo.InvariantCulture)));
    }
}
