using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;

namespace Broker.TestKit.Servers;

/// <summary>
/// A RabbitMQ of the test's own: on free ports of the loopback, its data in a temporary folder, gone when disposed. Stopped,
/// killed and started again it keeps its ports and its data.
/// </summary>
public sealed class RabbitMqServer : IAsyncDisposable
{
    private const string Programs = "/usr/lib/rabbitmq/bin";   // those on the PATH want to be another user
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);

    private readonly Epmd _epmd;
    private readonly bool _ownsEpmd;
    private readonly string _folder = Directory.CreateTempSubdirectory("broker-rabbitmq-").FullName;
    private readonly string _settings;
    private readonly int _nodePort = LoopbackPorts.Free();
    private readonly int _controlPort = LoopbackPorts.Free();
    private readonly StringBuilder _said = new();
    private Process? _process;

    private RabbitMqServer(Epmd epmd, bool ownsEpmd, string settings)
    {
        _epmd = epmd;
        _ownsEpmd = ownsEpmd;
        _settings = settings;
        Name = $"test{Port.ToString(CultureInfo.InvariantCulture)}@localhost";
    }

    /// <summary>As other nodes of its cluster know it.</summary>
    public string Name { get; }

    /// <summary>Where it listens, before and after a restart.</summary>
    public int Port { get; } = LoopbackPorts.Free();

    /// <summary>The number of the process that was started, of which Erlang's own is a child.</summary>
    public int ProcessId => _process!.Id;

    public IPEndPoint EndPoint => new(IPAddress.Loopback, Port);

    /// <summary>For a client with all rights.</summary>
    public Uri Uri() => Uri(EndPoint);

    /// <param name="through">A proxy in front of it.</param>
    /// <param name="user">With its password behind a colon.</param>
    public static Uri Uri(IPEndPoint through, string user = "guest:guest") => new($"amqp://{user}@{through}");

    /// <param name="settings">More lines of its own configuration, such as <c>vm_memory_high_watermark.absolute = 200MB</c>.</param>
    public static Task<RabbitMqServer> StartAsync(params string[] settings) => StartAsync(Epmd.Start(), ownsEpmd: true, settings);

    internal static async Task<RabbitMqServer> StartAsync(Epmd epmd, bool ownsEpmd, params string[] settings)
    {
        var server = new RabbitMqServer(epmd, ownsEpmd, string.Join('\n', settings));
        try
        {
            await server.InitializeAsync();
            await server.StartAgainAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it, on the ports and data that it has. Returns when clients are served.</summary>
    public async Task StartAgainAsync()
    {
        File.Delete(In("pid"));
        _process?.Dispose();
        _process = Launch("rabbitmq-server", [], _said);
        var process = _process;
        await ControlAsync("wait", "--timeout", "300", In("pid"));
        if (process.HasExited)
        {
            throw new InvalidOperationException($"RabbitMQ did not start: {_said}");
        }
    }

    /// <summary>Ends every connection and stops in order.</summary>
    public Task StopAsync() => EndAsync("TERM");

    /// <summary>Stops as if it had crashed.</summary>
    public Task KillAsync() => EndAsync("KILL");

    /// <summary>Stands still, with all its connections, until <see cref="ResumeAsync"/>.</summary>
    public Task PauseAsync() => SignalAsync("STOP");

    public Task ResumeAsync() => SignalAsync("CONT");

    /// <summary>Becomes a node of another's cluster, and forgets what it had.</summary>
    public async Task JoinAsync(RabbitMqServer other)
    {
        await ControlAsync("stop_app");
        await ControlAsync("join_cluster", other.Name);
        await ControlAsync("start_app");
    }

    /// <summary>Runs an order of <c>rabbitmqctl</c>; each takes a second or two.</summary>
    /// <returns>What it says.</returns>
    public async Task<string> ControlAsync(string order, params string[] arguments)
    {
        var said = new StringBuilder();
        using var control = Launch("rabbitmqctl", ["-q", order, .. arguments], said);
        try
        {
            await control.WaitForExitAsync().WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            control.Kill(entireProcessTree: true);
            throw;
        }

        return control.ExitCode == 0 ? said.ToString() : throw new InvalidOperationException($"rabbitmqctl {order}: {said} {_said}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false } process)
        {
            // Erlang's process too, which has said nothing of itself yet where it did not start.
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }

        _process?.Dispose();
        if (_ownsEpmd)
        {
            _epmd.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private string In(string file) => Path.Combine(_folder, file);

    private async Task InitializeAsync()
    {
        await File.WriteAllTextAsync(In("environment"), "");
        await File.WriteAllTextAsync(In("plugins"), "[].");
        await File.WriteAllTextAsync(In("rabbitmq.conf"), $"""
            listeners.tcp.1 = 127.0.0.1:{Port}
            disk_free_limit.absolute = 10MB
            log.console = true
            log.console.level = warning
            log.file = false
            {_settings}
            """);

        // Nodes of a cluster know each other by it; it must be its owner's alone.
        var cookie = In(".erlang.cookie");
        await File.WriteAllTextAsync(cookie, "BROKERTESTS");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(cookie, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    private async Task EndAsync(string signal)
    {
        await SignalAsync(signal);
        await _process!.WaitForExitAsync().WaitAsync(Patience);
    }

    /// <summary>To Erlang's process itself; the one that was started is a script around it.</summary>
    private async Task SignalAsync(string signal)
    {
        var id = File.Exists(In("pid")) ? (await File.ReadAllTextAsync(In("pid"))).Trim() : $"{_process!.Id}";
        using var kill = Process.Start("kill", ["-s", signal, "--", id]);
        await kill.WaitForExitAsync();
    }

    private Process Launch(string program, IEnumerable<string> arguments, StringBuilder said)
    {
        var run = new ProcessStartInfo(Path.Combine(Programs, program), arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder,
        };
        foreach (var (name, value) in Environment())
        {
            run.Environment[name] = value;
        }

        var process = new Process { StartInfo = run };
        process.OutputDataReceived += (_, line) => Say(said, line.Data);
        process.ErrorDataReceived += (_, line) => Say(said, line.Data);
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private IEnumerable<(string Name, string Value)> Environment() =>
    [
        ("HOME", _folder),
        ("LANG", "C.UTF-8"),
        ("RABBITMQ_NODENAME", Name),
        ("RABBITMQ_BASE", _folder),
        ("RABBITMQ_MNESIA_BASE", In("data")),
        ("RABBITMQ_LOG_BASE", In("log")),
        ("RABBITMQ_PID_FILE", In("pid")),
        ("RABBITMQ_CONFIG_FILE", In("rabbitmq.conf")),
        ("RABBITMQ_CONF_ENV_FILE", In("environment")),
        ("RABBITMQ_ENABLED_PLUGINS_FILE", In("plugins")),
        ("RABBITMQ_DIST_PORT", $"{_nodePort}"),
        ("RABBITMQ_CTL_DIST_PORT_MIN", $"{_controlPort}"),
        ("RABBITMQ_CTL_DIST_PORT_MAX", $"{_controlPort + 20}"),
        ("ERL_EPMD_PORT", $"{_epmd.Port}"),
        ("ERL_EPMD_ADDRESS", "127.0.0.1"),
        ("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none"),
    ];

    private static void Say(StringBuilder said, string? line)
    {
        lock (said)
        {
            // The beginning of it, should it have much to say.
            if (line is not null && said.Length < 100_000)
            {
                said.AppendLine(line);
            }
        }
    }
}
