using System.Diagnostics;
using System.Globalization;

namespace Broker.ClusterBenchmarks;

/// <summary>What a figure means nothing without: the command, the commit, the machine and what else it does.</summary>
internal static class Heading
{
    public static void Print(string command, string[] arguments)
    {
        var memory = Line("/proc/meminfo", "MemTotal").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Console.WriteLine($"{command} {string.Join(' ', arguments)}");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC, commit {Commit()}, .NET {Environment.Version}"));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Line("/proc/cpuinfo", "model name")}, {Environment.ProcessorCount} cores, {long.Parse(memory[0], CultureInfo.InvariantCulture) >> 20} GiB, load {File.ReadAllText("/proc/loadavg").Split(' ')[0]} before"));
        Console.WriteLine("All that is measured shares these cores: nodes, servers, clients.");
    }

    private static string Line(string file, string name) =>
        File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "?";

    private static string Commit()
    {
        var ask = new ProcessStartInfo("git", ["-C", AppContext.BaseDirectory, "describe", "--always", "--dirty"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var git = Process.Start(ask)!;
            var said = git.StandardOutput.ReadToEnd().Trim();
            git.WaitForExit();
            return git.ExitCode == 0 ? said : "unknown";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "unknown";   // no git here
        }
    }
}
