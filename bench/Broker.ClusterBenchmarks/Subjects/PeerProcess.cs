using System.Diagnostics;
using System.Text;

namespace Broker.ClusterBenchmarks.Subjects;

/// <summary>A process of a peer. What it says is read until it says that it is ready, and thrown away from then on.</summary>
internal sealed class PeerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private PeerProcess(Process process) => _process = process;

    /// <summary>What it said behind the text that it was waited for.</summary>
    public string Greeting { get; private set; } = "";

    public double CpuSeconds => CpuTime.OfTree(_process.Id);

    /// <param name="ready">A text that it writes when it serves.</param>
    public static async Task<PeerProcess> StartAsync(string program, IEnumerable<string> arguments, string ready)
    {
        var started = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true })!;
        var process = new PeerProcess(started);
        try
        {
            process.Greeting = await process.WaitForAsync(ready).WaitAsync(Patience);
            return process;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private async Task<string> WaitForAsync(string ready)
    {
        var said = new StringBuilder();
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.IndexOf(ready, StringComparison.Ordinal) is >= 0 and var at)
            {
                // Read on, lest the pipe fill up.
                _ = _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
                return line[(at + ready.Length)..];
            }

            said.AppendLine(line);
        }

        throw new InvalidOperationException($"{_process.StartInfo.FileName} does not start: {said}");
    }
}
