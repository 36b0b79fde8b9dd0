using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Broker.Node.Tests.Nodes;

namespace Broker.Node.Tests.Cluster;

/// <summary>A cluster of processes, as <c>./cluster</c> starts it: the nodes are those that were built with the tests.</summary>
internal sealed class RealCluster : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);

    private readonly (string Name, string Value)[] _settings;
    private bool _isUp;

    private RealCluster((string Name, string Value)[] settings) => _settings = settings;

    /// <summary>What the script keeps; its path is in the command line or the environment of everything that it starts.</summary>
    public string Data { get; } = Path.Combine(Path.GetTempPath(), $"broker-cluster-{Guid.NewGuid():N}");

    public Uri LoadBalancer { get; private set; } = new("http://localhost");

    /// <summary>Those that ran when the cluster was last looked at.</summary>
    public IReadOnlyList<ClusterNode> Nodes { get; private set; } = [];

    /// <summary>For operators, and for backends of RocketWS.</summary>
    public string Token => File.ReadAllText(Path.Combine(Data, "token")).Trim();

    /// <param name="settings">For every node, in addition to the script's own: <c>Broker__Limits__FrameBytes</c>.</param>
    public static async Task<RealCluster> StartAsync(int nodes, params (string Name, string Value)[] settings)
    {
        var cluster = new RealCluster(settings) { _isUp = true };
        try
        {
            await cluster.RunAsync("up", nodes.ToString(CultureInfo.InvariantCulture), "--port", "0");
            await cluster.LookAsync();
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }

        return cluster;
    }

    /// <summary>Looks which nodes run.</summary>
    public async Task LookAsync()
    {
        var status = JsonDocument.Parse(await RunAsync("status", "--json")).RootElement;
        LoadBalancer = new Uri(status.GetProperty("loadBalancer").GetString()!);
        Nodes = [.. status.GetProperty("nodes").EnumerateArray().Select(node => new ClusterNode(
            node.GetProperty("id").GetString()!, new Uri(node.GetProperty("url").GetString()!), node.GetProperty("pid").GetInt32()))];
    }

    /// <summary>Runs the script; what it printed.</summary>
    public async Task<string> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(Repository.Root, "cluster"), ["--data", Data, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["BROKER_BUILD"] = AppContext.BaseDirectory;
        foreach (var (name, value) in _settings)
        {
            start.Environment[name] = value;
        }

        using var patience = new CancellationTokenSource(Patience);
        using var script = Process.Start(start)!;
        using var end = patience.Token.Register(() => script.Kill(entireProcessTree: true));
        script.StandardInput.Close();
        var errors = script.StandardError.ReadToEndAsync(patience.Token);
        var output = await script.StandardOutput.ReadToEndAsync(patience.Token);
        await script.WaitForExitAsync(patience.Token);
        script.ExitCode.ShouldBe(0, $"./cluster {string.Join(' ', arguments)}: {await errors}");
        return output;
    }

    /// <summary>Ends everything, and fails when something of it runs on.</summary>
    public async Task DownAsync()
    {
        await RunAsync("down");
        _isUp = false;
        Left().ShouldBeEmpty();
    }

    public async ValueTask DisposeAsync()
    {
        if (_isUp)
        {
            await RunAsync("down");
        }

        Directory.Delete(Data, recursive: true);
    }

    /// <summary>Processes that were started for this cluster and run yet.</summary>
    private string[] Left() => [.. Directory.GetDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out _)).Where(IsOurs)];

    private bool IsOurs(string process)
    {
        try
        {
            return File.ReadAllText(process + "/cmdline").Contains(Data, StringComparison.Ordinal)
                || File.ReadAllText(process + "/environ").Contains(Data, StringComparison.Ordinal);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    internal sealed record ClusterNode(string Id, Uri Url, int Pid);
}
