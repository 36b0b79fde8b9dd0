using System.Globalization;
using System.Net;
using Broker.TestKit.Nodes;
using Broker.TestKit.Proxies;
using Broker.TestKit.Servers;

namespace Broker.TestKit.Deployments;

/// <summary>A place for a node of a deployment: its address and its ways to the servers stay, the processes on it come and go.</summary>
public sealed class DeployedNode : IAsyncDisposable
{
    /// <summary>For operators.</summary>
    public const string Token = "a token of 16 characters";

    /// <summary>Ends a hung run; decides nothing.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>One that stands still answers nothing.</summary>
    private static readonly TimeSpan Answering = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(25);

    private readonly HttpClient _http;
    private readonly Dictionary<string, string> _environment;
    private readonly List<string> _errors = [];
    private BrokerProcess? _process;
    private int _lives;
    private int _linesRead;
    private int _errorsRead;

    internal DeployedNode(DeployedCluster deployment, int place, DeploymentOptions options)
    {
        Name = string.Create(CultureInfo.InvariantCulture, $"n{place}");
        Port = LoopbackPorts.Free();
        if (options.HasProxies)
        {
            Bus = new FaultWay([.. deployment.RabbitMqNodes.Select(server => server.Port)]);
            Authority = new FaultWay(deployment.PostgreSql.Port);
        }

        _http = new HttpClient { BaseAddress = Url, Timeout = TimeSpan.FromSeconds(30) };
        _environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Broker__Cluster__RabbitMq"] = string.Join(',', (Bus?.Proxies.Select(proxy => proxy.EndPoint) ?? deployment.RabbitMqNodes.Select(server => server.EndPoint)).Select(at => RabbitMqServer.Uri(at))),
            ["Broker__Cluster__PostgreSql"] = deployment.PostgreSql.ConnectionString(port: Authority?.Proxies[0].Port),
            ["Broker__Cluster__Name"] = Name,
            ["Broker__Cluster__Url"] = Url.ToString(),
            ["Broker__Admin__Token"] = Token,
            ["Broker__Drain__Window"] = "00:00:01",
        };
        foreach (var (name, value) in options.Settings)
        {
            _environment[name] = value;
        }
    }

    public string Name { get; }

    /// <summary>The process that is or was here last, by its name and number.</summary>
    public string Life => string.Create(CultureInfo.InvariantCulture, $"{Name}.{_lives}");

    public int Port { get; }

    public IPEndPoint EndPoint => new(IPAddress.Loopback, Port);

    public Uri Url => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}"));

    /// <summary>Its way to RabbitMQ; null where there is no proxy.</summary>
    public FaultWay? Bus { get; }

    /// <summary>Its way to PostgreSQL; null where there is no proxy.</summary>
    public FaultWay? Authority { get; }

    /// <summary>True while a process is here, also one that stands still.</summary>
    public bool IsRunning => _process is not null;

    public bool IsSuspended { get; private set; }

    /// <summary>True once it has been asked to go.</summary>
    public bool IsLeaving { get; private set; }

    /// <summary>True: whoever looks for a node may try this one.</summary>
    public bool IsServing => IsRunning && !IsSuspended && !IsLeaving;

    /// <summary>Starts a process here, and returns when it listens.</summary>
    public async Task StartAsync()
    {
        _lives++;
        (_linesRead, _errorsRead) = (0, 0);
        _process = await BrokerProcess.StartAsync(Port, _environment, "--log", "json");
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        var process = _process!;
        Collect();
        (_process, IsSuspended) = (null, false);
        await process.KillAsync();
        await process.DisposeAsync();
    }

    /// <summary>SIGSTOP.</summary>
    public async Task SuspendAsync()
    {
        IsSuspended = true;
        await _process!.SignalAsync("STOP");
    }

    /// <summary>SIGCONT.</summary>
    public async Task ResumeAsync()
    {
        await _process!.SignalAsync("CONT");
        IsSuspended = false;
    }

    /// <summary>SIGTERM: it gives up what it owns, sends its clients away and ends.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> LeaveAsync()
    {
        IsLeaving = true;
        var process = _process!;
        await process.SignalAsync("TERM");
        var code = await process.WaitForExitAsync();
        Collect();
        (_process, IsLeaving) = (null, false);
        await process.DisposeAsync();
        return code;
    }

    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Answering);
        try
        {
            using var answer = await _http.GetAsync("/health/ready", patience.Token);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception away) when (away is HttpRequestException || (away is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }

    /// <summary>Waits until it says that it is ready; fails when it never does.</summary>
    public async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        while (!await IsReadyAsync(cancellationToken))
        {
            if (patience.IsCancellationRequested)
            {
                throw new InvalidOperationException($"{Life} does not become ready: {await ReasonAsync()}");
            }

            await Task.Delay(Between, cancellationToken);
        }
    }

    /// <summary>What it says at a path, with the operators' token.</summary>
    public async Task<string> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new("Bearer", Token);
        using var answer = await _http.SendAsync(request, cancellationToken);
        return await answer.Content.ReadAsStringAsync(cancellationToken);
    }

    /// <summary>What its processes have logged as an error since the last time, and what they wrote to standard error.</summary>
    public IReadOnlyList<string> TakeErrors()
    {
        Collect();
        string[] errors = [.. _errors];
        _errors.Clear();
        return errors;
    }

    /// <summary>All that the present process has logged; empty where none is.</summary>
    public string Log => _process?.Output ?? "";

    /// <summary>The process's number; null where none is.</summary>
    public int? ProcessId => _process?.Id;

    /// <summary>Bytes of memory of the process.</summary>
    public long ResidentBytes => _process!.Resident("VmRSS");

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await KillAsync();
        }

        _http.Dispose();
        if (Bus is not null)
        {
            await Bus.DisposeAsync();
        }

        if (Authority is not null)
        {
            await Authority.DisposeAsync();
        }
    }

    private void Collect()
    {
        if (_process is not { } process)
        {
            return;
        }

        var lines = process.Output.Split('\n');
        _errors.AddRange(lines.Skip(_linesRead)
            .Where(line => line.Contains("\"LogLevel\":\"Error\"", StringComparison.Ordinal) || line.Contains("\"LogLevel\":\"Critical\"", StringComparison.Ordinal))
            .Select(line => $"{Life}: {line}"));
        _linesRead = lines.Length - 1;   // the last one is empty, or not whole yet
        if (process.Errors[_errorsRead..] is { Length: > 0 } said)
        {
            _errors.Add($"{Life}: {said}");
            _errorsRead += said.Length;
        }
    }

    private async Task<string> ReasonAsync()
    {
        try
        {
            using var answer = await _http.GetAsync("/health/ready?verbose");
            return await answer.Content.ReadAsStringAsync();
        }
        catch (Exception away) when (away is HttpRequestException or OperationCanceledException)
        {
            return $"{away.Message} {Log}";
        }
    }
}
