using System.Text.Json;
using Broker.TestKit.WebSockets;

namespace Broker.Node.Tests.Campaign;

/// <summary>What clients see of a node that ends, and of the one that comes after it.</summary>
[Trait("Needs", "server")]
public sealed class EndingTests
{
    [Fact]
    public async Task Terminated_With500Sessions_ClosesEachWith1001AndEndsWith0()
    {
        using var patience = new CancellationTokenSource(NodeUnderTest.Patience);
        await using var node = await BrokerProcess.StartAsync();
        var native = await CrowdClient.OpenManyAsync(250, node.EndPoint(), "/rpc", cancellationToken: patience.Token);
        var rocket = await CrowdClient.OpenManyAsync(250, node.EndPoint(), "/rocketws", cancellationToken: patience.Token);
        CrowdClient[] all = [.. native, .. rocket];
        await Parallel.ForEachAsync(all, patience.Token, async (client, token) => await client.SubscribeAsync("chat", token));

        await node.SignalAsync("TERM");

        await Task.WhenAll(all.Select(async client =>
        {
            (await client.ReadAsync(_ => true, patience.Token)).ShouldBeFalse();
            client.CloseCode.ShouldBe(1001);
            await client.SendBytesAsync(ClientFrame.Close(1001), patience.Token);
        }));
        (await node.WaitForExitAsync()).ShouldBe(0);
        node.Output.ShouldNotContain("cut");
        node.Errors.ShouldBeEmpty();
        Array.ForEach(all, client => client.Dispose());
    }

    [Fact]
    public async Task Killed_AndStartedAgain_NeverRecoversAcrossItsLives()
    {
        using var patience = new CancellationTokenSource(NodeUnderTest.Patience);
        string[] channels = [.. Enumerable.Range(0, 20).Select(n => $"life-{n}")];
        var before = new Dictionary<string, JsonElement>();
        int port;
        await using (var node = await BrokerProcess.StartAsync())
        {
            port = node.Port;
            using var client = await CrowdClient.OpenAsync(node.EndPoint(), "/rpc", cancellationToken: patience.Token);
            foreach (var channel in channels)
            {
                before[channel] = await PublishAsync(client, channel, events: 3);
            }

            // The proof that these positions are good ones: within the same life they recover.
            foreach (var channel in channels)
            {
                (await SubscribeAsync(client, channel, before[channel])).GetProperty("recovered").GetBoolean().ShouldBeTrue();
            }

            await node.SignalAsync("KILL");
            (await node.WaitForExitAsync()).ShouldBe(137);
        }

        await using var next = await BrokerProcess.StartAsync(port);
        using var publisher = await CrowdClient.OpenAsync(next.EndPoint(), "/rpc", cancellationToken: patience.Token);
        using var returned = await CrowdClient.OpenAsync(next.EndPoint(), "/rpc", cancellationToken: patience.Token);
        foreach (var (channel, n) in channels.Select((channel, n) => (channel, n)))
        {
            // Some are empty again, some stand just where they stood, some are further on.
            if (n % 6 is > 0 and var events)
            {
                await PublishAsync(publisher, channel, events);
            }

            var answer = await SubscribeAsync(returned, channel, before[channel]);

            answer.GetProperty("recovered").GetBoolean().ShouldBeFalse();
            answer.GetProperty("epoch").GetString().ShouldNotBe(before[channel].GetProperty("epoch").GetString());
            answer.GetProperty("offset").GetInt64().ShouldBe(n % 6);
        }

        // And what comes next comes, without a word of what was.
        await PublishAsync(publisher, channels[3], events: 1);
        (await returned.ReceiveAsync(patience.Token)).ShouldContain("\"offset\":4}");
    }

    /// <summary>The position of the last one.</summary>
    private static async Task<JsonElement> PublishAsync(CrowdClient client, string channel, int events)
    {
        JsonElement result = default;
        for (var n = 0; n < events; n++)
        {
            result = await client.CallAsync("publish", $$"""{"channel":"{{channel}}","event":"e","data":{{n}} }""");
        }

        return result;
    }

    private static Task<JsonElement> SubscribeAsync(CrowdClient client, string channel, JsonElement since)
    {
        var position = $$"""{"epoch":{{since.GetProperty("epoch").GetRawText()}},"offset":{{since.GetProperty("offset").GetRawText()}} }""";
        return client.CallAsync("subscribe", $$"""{"channel":"{{channel}}","since":{{position}} }""");
    }
}
