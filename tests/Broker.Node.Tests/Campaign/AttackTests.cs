using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Broker.TestKit.WebSockets;

namespace Broker.Node.Tests.Campaign;

/// <summary>
/// Many against one node, over real sockets: those who behave go on meanwhile, and the node's memory stays bounded. The figures are told, by
/// bench/attacks for one, and decide nothing.
/// </summary>
[Trait("Needs", "server")]
public sealed class AttackTests(ITestOutputHelper output)
{
    private const int Crowd = 10_000;
    private const int Exchanges = 500;
    private const int Frames = 20_000;

    /// <summary>For what a crowd of sessions or half a handshake each costs, with what the garbage collector leaves lying about.</summary>
    private const long Slack = 512L << 20;

    private static readonly IPAddress Behaved = IPAddress.Parse("127.0.0.2");

    [Fact]
    public Task SlowLoris_With10000HalfSentHandshakes_KeepsNobodyOut() => AttackAsync(
        [],
        async (node, token) =>
        {
            var halves = new ConcurrentBag<Socket>();
            await ManyAsync(Crowd, async () =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                halves.Add(socket);
                await socket.ConnectAsync(node.EndPoint(), token);
                await socket.SendAsync("GET /rpc HTTP/1.1\r\nHost: localhost\r\nUpgrade:"u8.ToArray(), token);
            });

            // They are all there or have been closed, and whoever comes now is served, as a session and over HTTP.
            using var late = await CrowdClient.OpenAsync(node.EndPoint(), "/rpc", cancellationToken: token);
            await late.CallAsync("ping", "{}", token);
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{node.Port}") };
            (await http.GetAsync("/health/ready", token)).StatusCode.ShouldBe(HttpStatusCode.OK);
            foreach (var half in halves)
            {
                half.Dispose();
            }
        });

    [Fact]
    public Task Flood_FromOneAddress_GetsItsShareAndNoMore() => AttackAsync(
        ["--Broker:Limits:SessionsPerAddress=100", "--Broker:Limits:HandshakesPerSecondPerAddress=200"],
        async (node, token) =>
        {
            var answers = new ConcurrentDictionary<string, int>();
            var sessions = new ConcurrentBag<CrowdClient>();
            await ManyAsync(Crowd, async () =>
            {
                try
                {
                    sessions.Add(await CrowdClient.OpenAsync(node.EndPoint(), "/rpc", cancellationToken: token));
                }
                catch (InvalidDataException refused)
                {
                    answers.AddOrUpdate(refused.Message.Split("\r\n")[0], 1, (_, count) => count + 1);
                }
            });

            output.WriteLine($"  {sessions.Count} sessions, {string.Join(", ", answers.Select(answer => $"{answer.Value} times {answer.Key}"))}");
            sessions.Count.ShouldBe(100);
            answers.Keys.ShouldBe(["HTTP/1.1 429 Too Many Requests"]);
            foreach (var session in sessions)
            {
                session.Dispose();
            }
        });

    [Fact]
    public Task Flood_OfFramesFromManySessions_IsReadNoFasterThanTheyMay() => AttackAsync(
        ["--Broker:Limits:FramesPerSecond=10000", "--Broker:Limits:BytesPerSecond=1000000"],
        async (node, token) =>
        {
            var flooders = await CrowdClient.OpenManyAsync(20, node.EndPoint(), "/rpc", receiveBuffer: 4_096, token);
            var frames = Enumerable.Range(1, Frames).SelectMany(id => ClientFrame.Text(Calls.Request("ping", "{}", id))).ToArray();
            await Task.WhenAll(flooders.Select(async flooder =>
            {
                var sending = flooder.SendBytesAsync(frames, token);
                for (var answered = 0; answered < Frames;)
                {
                    (await flooder.ReadAsync(_ => ++answered % 100 > 0, token)).ShouldBeTrue();
                    await Task.Yield();   // the pair is on the same threads
                }

                await sending;
            }));
            Array.ForEach(flooders, flooder => flooder.Dispose());
        });

    [Fact]
    public Task Reconnect_Of10000ClientsAtOnce_BringsThemAllBack() => AttackAsync(
        [],
        async (node, token) =>
        {
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{node.Port}") };
            for (var round = 0; round < 2; round++)
            {
                var clients = new ConcurrentBag<CrowdClient>();
                await ManyAsync(Crowd, async () =>
                {
                    var client = await CrowdClient.OpenAsync(node.EndPoint(), "/rpc", cancellationToken: token);
                    clients.Add(client);
                    await client.SubscribeAsync($"c{clients.Count % 100}", token);
                });
                await NodeUnderTest.WaitForSessionsAsync(http, Crowd + 2);
                foreach (var client in clients)
                {
                    client.Reset();
                }
            }

            await NodeUnderTest.WaitForSessionsAsync(http, 2);
        });

    /// <summary>Runs an attack on a node of its own while a pair of clients goes on, and says what they and the node's memory felt of it.</summary>
    private async Task AttackAsync(string[] settings, Func<BrokerProcess, CancellationToken, Task> attack)
    {
        using var patience = new CancellationTokenSource(NodeUnderTest.Patience);
        await using var node = await BrokerProcess.StartAsync(arguments: settings);
        using var pair = await BehavedPair.OpenAsync(node.EndPoint(), Behaved, patience.Token);
        await pair.ExchangeAsync(Exchanges);
        pair.Figures();   // warm
        await pair.ExchangeAsync(Exchanges);
        var before = Tell(node, "before", pair);

        await pair.ExchangeWhileAsync(Task.Run(() => attack(node, patience.Token)));

        Tell(node, "during", pair);
        await pair.ExchangeAsync(Exchanges);
        Tell(node, "after", pair);
        node.Resident("VmHWM").ShouldBeLessThan(before + Slack);
        node.Errors.ShouldBeEmpty();
    }

    private long Tell(BrokerProcess node, string when, BehavedPair pair)
    {
        var resident = node.Resident("VmRSS");
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{when}: {pair.Figures()}; resident {resident >> 20} MiB, {node.Resident("VmHWM") >> 20} MiB at most"));
        return resident;
    }

    private static Task ManyAsync(int times, Func<Task> act) =>
        Parallel.ForAsync(0, times, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (_, _) => await act());
}
