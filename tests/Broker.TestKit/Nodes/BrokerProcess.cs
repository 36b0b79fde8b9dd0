using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Threading.Channels;

namespace Broker.TestKit.Nodes;

/// <summary>
/// A node as a process of its own, for what only a process has: arguments, signals, an exit code. It is the one that was built beside the
/// program that runs.
/// </summary>
public sealed class BrokerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();

    private BrokerProcess(IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>> environment)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "broker.dll"));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["Broker__Drain__PreDrain"] = "00:00:00";   // no load balancer waits for it
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(_errors, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    /// <summary>Standard output so far.</summary>
    public string Output => Read(_output);

    public string Errors => Read(_errors);

    /// <summary>Known once the node listens.</summary>
    public int Port { get; private set; }

    /// <summary>Runs to the end.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        await using var process = new BrokerProcess(arguments, []);
        var code = await process.WaitForExitAsync();
        return (code, process.Output, process.Errors);
    }

    /// <summary>Starts a node and waits until it listens.</summary>
    /// <param name="port">0 for a free one.</param>
    public static async Task<BrokerProcess> StartAsync(int port = 0, IEnumerable<KeyValuePair<string, string>>? environment = null, params string[] arguments)
    {
        var process = new BrokerProcess(["--urls", $"http://127.0.0.1:{port}", .. arguments], environment ?? []);
        var listening = await process.WaitForLineAsync("Listening on http://");
        var address = listening[listening.IndexOf("http://", StringComparison.Ordinal)..].Split('"')[0];
        process.Port = new Uri(address).Port;
        return process;
    }

    /// <summary>The next line with this text.</summary>
    public async Task<string> WaitForLineAsync(string text)
    {
        using var timeout = new CancellationTokenSource(Patience);
        await foreach (var line in _lines.Reader.ReadAllAsync(timeout.Token))
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new InvalidOperationException($"The node ended without saying \"{text}\": {Output}{Errors}");
    }

    /// <param name="name">TERM, INT, STOP or CONT.</param>
    public async Task SignalAsync(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Ends it as a crash does, also while it stands still.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await WaitForExitAsync();
    }

    /// <summary>Bytes of memory, of a line such as <c>VmRSS:  123456 kB</c>.</summary>
    public long Resident(string line) => File.ReadLines($"/proc/{Id}/status")
        .Where(text => text.StartsWith(line, StringComparison.Ordinal))
        .Select(text => long.Parse(text.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024)
        .Single();

    public async Task<int> WaitForExitAsync()
    {
        using var timeout = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(timeout.Token);
        return _process.ExitCode;
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

    private void Keep(StringBuilder text, string? line)
    {
        if (line is null)
        {
            if (ReferenceEquals(text, _output))
            {
                _lines.Writer.TryComplete();
            }

            return;
        }

        lock (text)
        {
            text.Append(line).Append('\n');
        }

        _lines.Writer.TryWrite(line);
    }

    private static string Read(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }
}
