using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Broker.TestKit.Servers;

namespace Broker.ClusterBenchmarks.Subjects;

/// <summary>A Redis of its own on a free port of the loopback, that keeps nothing and closes no slow subscriber.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private readonly PeerProcess _process;

    private RedisServer(PeerProcess process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    public double CpuSeconds => _process.CpuSeconds;

    public static async Task<RedisServer> StartAsync()
    {
        var port = LoopbackPorts.Free();
        string[] arguments =
        [
            "--bind", "127.0.0.1", "--port", port.ToString(CultureInfo.InvariantCulture), "--save", "", "--appendonly", "no",
            "--client-output-buffer-limit", "pubsub 0 0 0", "--dir", Path.GetTempPath(),
        ];
        return new RedisServer(await PeerProcess.StartAsync("redis-server", arguments, "Ready to accept connections"), port);
    }

    /// <summary>Messages that were published so far.</summary>
    public async Task<double> PublishesAsync() =>
        (await AllInfoAsync()).GetValueOrDefault("cmdstat_publish") is { } calls ? double.Parse(calls.Split('=', ',')[1], CultureInfo.InvariantCulture) : 0;

    /// <summary>A value of what Redis says of itself.</summary>
    public async Task<string> InfoAsync(string name) => (await AllInfoAsync())[name];

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private async Task<Dictionary<string, string>> AllInfoAsync()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port);
        var stream = client.GetStream();
        await stream.WriteAsync("INFO all\r\nQUIT\r\n"u8.ToArray());
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var text = await reader.ReadToEndAsync();
        return text.Split("\r\n").Select(line => line.Split(':', 2)).Where(line => line.Length == 2).ToDictionary(line => line[0], line => line[1], StringComparer.Ordinal);
    }
}
