using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Broker.Node.Tests.Campaign;
using Broker.TestKit.WebSockets;

namespace Broker.Node.Tests.Hosting;

/// <summary>A node that is told to go down lets its clients go in good order.</summary>
[Trait("Needs", "server")]
public sealed class DrainTests
{
    private const string Channel = "drained";

    [Fact]
    public async Task Terminated_BeforeItDrains_IsNotReadyButServes()
    {
        await using var node = await BrokerProcess.StartAsync(arguments: ["--Broker:Drain:PreDrain=00:00:10"]);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{node.Port}") };
        using var first = await CrowdClient.OpenAsync(node.EndPoint(), "/rpc");

        await node.SignalAsync("TERM");
        await node.WaitForLineAsync("not ready any more");

        using var ready = await http.GetAsync("/health/ready");
        ready.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await ready.Content.ReadAsStringAsync()).ShouldContain("\"status\":\"stopping\"");
        (await http.GetAsync("/health/live")).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var late = await CrowdClient.OpenAsync(node.EndPoint(), "/rpc");
        await late.SubscribeAsync(Channel);
        await first.CallAsync("publish", $$"""{"channel":"{{Channel}}","event":"e","data":1}""");
        (await late.ReceiveAsync()).ShouldContain("\"offset\":1}");

        // Whoever asks twice does not want to wait.
        await node.SignalAsync("TERM");
        (await node.WaitForExitAsync()).ShouldBe(143);
    }

    [Fact]
    public async Task Terminated_With500SessionsAndPublishers_DeliversWhatItAcknowledgedAndEndsWith0()
    {
        using var patience = new CancellationTokenSource(NodeUnderTest.Patience);
        await using var node = await BrokerProcess.StartAsync(arguments: ["--Broker:Drain:Window=00:00:03", "--Broker:Loops=4"]);
        var native = await CrowdClient.OpenManyAsync(250, node.EndPoint(), "/rpc", cancellationToken: patience.Token);
        var rocket = await CrowdClient.OpenManyAsync(250, node.EndPoint(), "/rocketws", cancellationToken: patience.Token);
        var subscribers = native.Select(client => new Subscriber(client, IsNative: true)).Concat(rocket.Select(client => new Subscriber(client, IsNative: false))).ToArray();
        await Parallel.ForEachAsync(subscribers, patience.Token, async (subscriber, token) => await subscriber.Client.SubscribeAsync(Channel, token));
        var acknowledged = new ConcurrentBag<long>();
        var publishers = await CrowdClient.OpenManyAsync(4, node.EndPoint(), "/rpc", cancellationToken: patience.Token);
        var reading = Task.WhenAll(subscribers.Select(subscriber => subscriber.ReadToTheEndAsync(patience.Token)));
        var publishing = Task.WhenAll(publishers.Select(publisher => PublishToTheEndAsync(publisher, acknowledged, patience.Token)));
        while (acknowledged.Count < 200)
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        var beforeTheSignal = acknowledged.Max();
        await node.SignalAsync("TERM");
        await Task.WhenAll(reading, publishing);

        (await node.WaitForExitAsync()).ShouldBe(0);
        node.Output.ShouldNotContain("are cut");
        node.Errors.ShouldBeEmpty();
        subscribers.ShouldAllBe(subscriber => subscriber.Client.CloseCode == 1001);
        publishers.ShouldAllBe(publisher => publisher.CloseCode == 1001);
        subscribers.ShouldAllBe(subscriber => subscriber.IsWhole, "each event up to its close came, in order, none twice");
        subscribers.ShouldAllBe(subscriber => subscriber.Last >= beforeTheSignal);
        Array.ForEach(native, client => client.Dispose());
        Array.ForEach(rocket, client => client.Dispose());
    }

    /// <summary>Publishes one after the other on a connection that subscribes too: what was acknowledged to it, it has got.</summary>
    private static async Task PublishToTheEndAsync(CrowdClient publisher, ConcurrentBag<long> acknowledged, CancellationToken cancellationToken)
    {
        using var _ = publisher;
        await publisher.SubscribeAsync(Channel, cancellationToken);
        var seen = new HashSet<long>();
        var answered = new List<long>();
        var isOpen = true;
        for (var number = 1; isOpen; number++)
        {
            try
            {
                await publisher.SendAsync(
                    Calls.Request("publish", string.Create(CultureInfo.InvariantCulture, $$"""{"channel":"{{Channel}}","event":"e","data":{{number}} }"""), number),
                    cancellationToken);
            }
            catch (System.Net.Sockets.SocketException)
            {
                // Closed meanwhile; what it was sent is still to be read.
            }

            isOpen = await publisher.ReadAsync(
                message =>
                {
                    using var json = JsonDocument.Parse(message.ToArray());
                    if (json.RootElement.TryGetProperty("result", out var result))
                    {
                        answered.Add(result.GetProperty("offset").GetInt64());
                        acknowledged.Add(answered[^1]);
                        return false;
                    }

                    seen.Add(json.RootElement.GetProperty("params").GetProperty("offset").GetInt64());
                    return true;
                },
                cancellationToken);
        }

        answered.ShouldNotBeEmpty();
        answered.ShouldAllBe(offset => seen.Contains(offset));
    }

    private sealed record Subscriber(CrowdClient Client, bool IsNative)
    {
        /// <summary>The last event's number.</summary>
        public long Last { get; private set; }

        public bool IsWhole { get; private set; } = true;

        public async Task ReadToTheEndAsync(CancellationToken cancellationToken)
        {
            (await Client.ReadAsync(
                message =>
                {
                    Last++;
                    IsWhole &= !IsNative || message.EndsWith(System.Text.Encoding.ASCII.GetBytes(
                        string.Create(CultureInfo.InvariantCulture, $"\"offset\":{Last}}}}}")));
                    return true;
                },
                cancellationToken)).ShouldBeFalse();
            await Client.SendBytesAsync(ClientFrame.Close(1001), cancellationToken);
        }
    }
}
