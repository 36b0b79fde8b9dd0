using System.Globalization;
using System.Net;
using Broker.ClusterBenchmarks.Speech;
using Broker.TestKit.Servers;

namespace Broker.ClusterBenchmarks.Subjects;

/// <summary>Servers of Socket.IO, a process each, that are joined by its Redis adapter: bench/peers/socketio.</summary>
internal sealed class SocketIoSubject : ISubject
{
    /// <summary>Beside this program's project; bench/cluster has put what it needs into it.</summary>
    private static readonly string Script = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../peers/socketio/server.js"));

    private readonly RedisServer _redis;
    private readonly List<PeerProcess> _servers = [];
    private readonly List<IPEndPoint> _endPoints = [];

    private SocketIoSubject(RedisServer redis) => _redis = redis;

    public string Name => "socketio";

    public string About { get; private set; } = "";

    public IClientSpeech Speech => SocketIoSpeech.Instance;

    public IReadOnlyList<IPEndPoint> Servers => _endPoints;

    public static async Task<ISubject> StartAsync(int servers)
    {
        var subject = new SocketIoSubject(await RedisServer.StartAsync());
        try
        {
            for (var i = 0; i < servers; i++)
            {
                await subject.AddAsync();
            }

            var version = await subject._redis.InfoAsync("redis_version");
            subject.About = string.Create(CultureInfo.InvariantCulture, $"{servers} processes of {subject._servers[0].Greeting}, Redis {version}");
            return subject;
        }
        catch
        {
            await subject.DisposeAsync();
            throw;
        }
    }

    /// <summary>Its rooms are all alike, and have no owner.</summary>
    public IReadOnlyList<ChannelSet> SetsByOwner(int count) => SetsByKind(count);

    public IReadOnlyList<ChannelSet> SetsByKind(int count) =>
        [new ChannelSet(Name, [.. Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"room-{i}"))])];

    public async Task<Usage> LookAsync() => new(
        await _redis.PublishesAsync(),
        double.Parse(await _redis.InfoAsync("total_net_input_bytes"), CultureInfo.InvariantCulture),
        _servers.Sum(server => server.CpuSeconds),
        _redis.CpuSeconds);

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }

        await _redis.DisposeAsync();
    }

    private async Task AddAsync()
    {
        var port = LoopbackPorts.Free();
        string[] arguments = [Script, port.ToString(CultureInfo.InvariantCulture), _redis.Port.ToString(CultureInfo.InvariantCulture)];
        _servers.Add(await PeerProcess.StartAsync("node", arguments, "Listening: "));
        _endPoints.Add(new IPEndPoint(IPAddress.Loopback, port));
    }
}
