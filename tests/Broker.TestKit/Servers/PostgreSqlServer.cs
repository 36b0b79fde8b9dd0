using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Broker.TestKit.Servers;

/// <summary>
/// A PostgreSQL of the test's own: on a free port of the loopback, its data in a temporary folder, gone when disposed. Fast
/// and forgetful: what it has committed outlives its own crash, not the machine's. Anybody on the machine may connect.
/// </summary>
public sealed class PostgreSqlServer : IAsyncDisposable
{
    /// <summary>Who may do everything.</summary>
    public const string Superuser = "postgres";

    private const int Attempts = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _folder;
    private readonly PostgreSqlPrograms _programs;
    private readonly IReadOnlyList<string> _settings;
    private Process? _process;
    private int[] _paused = [];

    private PostgreSqlServer(PostgreSqlPrograms programs, IReadOnlyList<string> settings)
    {
        _programs = programs;
        _settings = settings;
        _folder = Directory.CreateTempSubdirectory("broker-postgresql-").FullName;
    }

    /// <summary>Where it listens, before and after a restart.</summary>
    public int Port { get; private set; }

    /// <summary>For a client of <paramref name="database"/>.</summary>
    /// <param name="port">A proxy's, where the client is to go through one.</param>
    public string ConnectionString(string database = Superuser, string user = Superuser, int? port = null) =>
        $"Host=127.0.0.1;Port={port ?? Port};Database={database};Username={user}";

    /// <param name="settings">More of PostgreSQL's own, such as <c>max_connections=20</c>.</param>
    public static async Task<PostgreSqlServer> StartAsync(params string[] settings)
    {
        var server = new PostgreSqlServer(PostgreSqlPrograms.Find(), settings);
        try
        {
            await server.InitializeAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it again, on the same port and data.</summary>
    public async Task StartAgainAsync()
    {
        if (!await TryStartAsync())
        {
            throw new InvalidOperationException($"port {Port} has been taken meanwhile");
        }
    }

    /// <summary>Ends every connection and stops in order.</summary>
    public Task StopAsync() => EndAsync("INT");

    /// <summary>Stops as if it had crashed. What it had committed is there after the next start.</summary>
    public Task CrashAsync() => EndAsync("QUIT");

    /// <summary>Stands still, with all its connections, until <see cref="ResumeAsync"/>.</summary>
    public async Task PauseAsync()
    {
        // It first, so that it begins no more children and none of them disappears; on resuming it last.
        await RunAsync(PostgreSqlPrograms.Signal("STOP", [_process!.Id]), input: null);
        _paused = await ChildrenAsync(_process.Id);
        await RunAsync(PostgreSqlPrograms.Signal("STOP", _paused), input: null);
    }

    public async Task ResumeAsync()
    {
        await RunAsync(PostgreSqlPrograms.Signal("CONT", [.. _paused, _process!.Id]), input: null);
        _paused = [];
    }

    /// <summary>Makes an empty database.</summary>
    public Task CreateDatabaseAsync(string name) => RunSqlAsync($"create database {name} template template0");

    /// <summary>Runs commands.</summary>
    /// <returns>What they print: a row a line, columns separated by a bar.</returns>
    public Task<string> RunSqlAsync(string sql, string database = Superuser, string user = Superuser)
    {
        var run = Client(database, user);
        run.RedirectStandardInput = true;
        return RunAsync(run, sql);
    }

    /// <summary>Runs a script, as an operator would.</summary>
    public Task RunFileAsync(string path, string database = Superuser) => RunAsync(Client(database, Superuser, "-f", path), input: null);

    /// <summary>A client in a process of its own, which the test may kill; what it is told goes in as text, what it says comes out a line at a time.</summary>
    public Process StartClient(string database)
    {
        var run = Client(database, Superuser);
        run.RedirectStandardInput = true;
        run.RedirectStandardOutput = true;
        return Process.Start(run)!;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            if (_paused is not [])
            {
                await ResumeAsync();
            }

            await EndAsync("INT");
        }

        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task InitializeAsync()
    {
        await RunAsync(_programs.Give(_folder), input: null);
        await RunAsync(
            _programs.Serve(
                "initdb",
                ["-D", _folder, "-A", "trust", "-U", Superuser, "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]),
            input: null);
        for (var attempt = 1; ; attempt++)
        {
            Port = FreePort();
            if (await TryStartAsync())
            {
                return;
            }

            if (attempt == Attempts)
            {
                throw new InvalidOperationException("no free port was left free for long enough");
            }
        }
    }

    /// <returns>False when the port is taken.</returns>
    private async Task<bool> TryStartAsync()
    {
        string[] settings =
        [
            "listen_addresses=127.0.0.1", $"port={Port}", "unix_socket_directories=", "fsync=off", "shared_buffers=32MB",
            "max_connections=200", "dynamic_shared_memory_type=mmap", .. _settings,
        ];
        var run = _programs.Serve("postgres", ["-D", _folder, .. settings.SelectMany(setting => new[] { "-c", setting })]);
        run.RedirectStandardError = true;
        _process?.Dispose();
        _process = Process.Start(run)!;
        return await BecomesReadyAsync(_process).WaitAsync(Patience);
    }

    private static async Task<bool> BecomesReadyAsync(Process process)
    {
        var said = new StringBuilder();
        while (await process.StandardError.ReadLineAsync() is { } line)
        {
            if (line.Contains("database system is ready to accept connections", StringComparison.Ordinal))
            {
                // Its log is read on, lest the pipe fill up.
                _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null);
                return true;
            }

            said.AppendLine(line);
        }

        return said.ToString().Contains("could not bind", StringComparison.Ordinal)
            ? false
            : throw new InvalidOperationException($"postgres did not start: {said}");
    }

    private async Task EndAsync(string signal)
    {
        await RunAsync(PostgreSqlPrograms.Signal(signal, [_process!.Id]), input: null);
        await _process.WaitForExitAsync().WaitAsync(Patience);
    }

    private static async Task<int[]> ChildrenAsync(int id)
    {
        var children = await File.ReadAllTextAsync($"/proc/{id}/task/{id}/children");
        return [.. children.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(child => int.Parse(child, CultureInfo.InvariantCulture))];
    }

    private ProcessStartInfo Client(string database, string user, params string[] more) => _programs.Run(
        "psql",
        [
            "--no-psqlrc", "--no-align", "--tuples-only", "--quiet", "-h", "127.0.0.1", "-p", $"{Port}", "-U", user, "-d", database,
            "-v", "ON_ERROR_STOP=1", .. more,
        ]);

    private static async Task<string> RunAsync(ProcessStartInfo run, string? input)
    {
        run.RedirectStandardOutput = true;
        run.RedirectStandardError = true;
        using var process = Process.Start(run)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        if (input is not null)
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }

        await process.WaitForExitAsync().WaitAsync(Patience);
        return process.ExitCode == 0
            ? (await output).TrimEnd('\n')
            : throw new InvalidOperationException($"{run.FileName} ended with {process.ExitCode}: {await errors}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
