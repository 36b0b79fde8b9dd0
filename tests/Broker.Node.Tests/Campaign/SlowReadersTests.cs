using Broker.Actors;
using Broker.Node.Tests.Connections;
using Broker.TestKit.WebSockets;
using Microsoft.Extensions.DependencyInjection;

namespace Broker.Node.Tests.Campaign;

/// <summary>A client that asks for more than it reads is read from no faster, and never closed for it.</summary>
[Trait("Needs", "server")]
public sealed class SlowReadersTests
{
    private const int Asked = 100_000;
    private const int AtOnce = 1_000;

    [Theory]
    [InlineData(WayIn.Fast, "ping")]
    [InlineData(WayIn.Pipe, "ping")]
    [InlineData(WayIn.Upgrade, "ping")]
    [InlineData(WayIn.Fast, "publish")]
    [InlineData(WayIn.Pipe, "publish")]
    [InlineData(WayIn.Upgrade, "publish")]
    public async Task Client_ThatPipelines100000Calls_IsAnsweredWhollyAndStays(WayIn way, string method)
    {
        using var patience = new CancellationTokenSource(NodeUnderTest.Patience);
        await using var node = await WaysIn.StartAsync(way, ("Broker:Loops", "4"), ("Broker:Limits:OutboxBytes", $"{64 * 1024}"));
        var counters = node.Services.GetRequiredService<LocalNode>().Counters;
        using var client = await CrowdClient.OpenAsync(node.EndPoint(), "/rpc", receiveBuffer: 4_096, cancellationToken: patience.Token);
        var sending = Task.Run(
            async () =>
            {
                for (var id = 1; id <= Asked; id += AtOnce)
                {
                    var frames = Enumerable.Range(id, AtOnce).SelectMany(n => ClientFrame.Text(Request(method, n))).ToArray();
                    await client.SendBytesAsync(frames, patience.Token);
                }
            },
            patience.Token);

        // Nothing is read until the node has stopped reading.
        while (counters.Limits[Limit.Answers] == 0)
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        var answered = 0;
        (await client.ReadAsync(message => message.IndexOf("\"result\""u8) < 0 || ++answered < Asked, patience.Token)).ShouldBeTrue($"closed with {client.CloseCode}");

        await sending;
        answered.ShouldBe(Asked);
        counters.SlowSessions.Value.ShouldBe(0);
        await client.SendAsync(Request("ping", 0), patience.Token);
        (await client.ReceiveAsync(patience.Token)).ShouldContain("\"result\"");
    }

    [Theory]
    [InlineData(WayIn.Fast)]
    [InlineData(WayIn.Pipe)]
    [InlineData(WayIn.Upgrade)]
    public async Task Client_ThatPipelinesHistories_IsAnsweredWhollyAndStays(WayIn way)
    {
        const int Histories = 200;
        using var patience = new CancellationTokenSource(NodeUnderTest.Patience);
        await using var node = await WaysIn.StartAsync(way, ("Broker:Loops", "4"), ("Broker:Limits:OutboxBytes", $"{256 * 1024}"));
        using var publisher = await FloodPublisher.OpenAsync(node.EndPoint(), patience.Token);
        for (var n = 0; n < 50; n++)
        {
            await publisher.PublishAsync("long", new string('x', 1_000));
        }

        using var client = await CrowdClient.OpenAsync(node.EndPoint(), "/rpc", receiveBuffer: 4_096, cancellationToken: patience.Token);
        var frames = Enumerable.Range(1, Histories).SelectMany(id => ClientFrame.Text(Calls.Request("history", """{"channel":"long"}""", id))).ToArray();
        await client.SendBytesAsync(frames, patience.Token);

        var answered = 0;
        (await client.ReadAsync(_ => ++answered < Histories, patience.Token)).ShouldBeTrue($"closed with {client.CloseCode} after {answered}");
    }

    [Theory]
    [InlineData(WayIn.Fast)]
    [InlineData(WayIn.Pipe)]
    [InlineData(WayIn.Upgrade)]
    public async Task Client_ThatAsksAndNeverReads_IsClosed(WayIn way)
    {
        using var patience = new CancellationTokenSource(NodeUnderTest.Patience);
        await using var node = await WaysIn.StartAsync(
            way, ("Broker:Limits:OutboxBytes", $"{64 * 1024}"), ("Broker:Sessions:PingAfter", "00:00:01"), ("Broker:Sessions:PongWithin", "00:00:01"));
        var local = node.Services.GetRequiredService<LocalNode>();
        using var client = await CrowdClient.OpenAsync(node.EndPoint(), "/rpc", receiveBuffer: 4_096, cancellationToken: patience.Token);
        var flood = Task.Run(
            async () =>
            {
                var frames = Enumerable.Range(1, AtOnce).SelectMany(n => ClientFrame.Text(Request("ping", n))).ToArray();
                while (true)
                {
                    await client.SendBytesAsync(frames, patience.Token);
                }
            },
            patience.Token);

        await node.WaitForSessionsAsync(1);
        while (local.SessionCount > 0)
        {
            patience.Token.ThrowIfCancellationRequested();
            local.Outboxes.UsedBytes.ShouldBeLessThan(64 * 1024);
            await Task.Yield();
        }

        await Should.ThrowAsync<System.Net.Sockets.SocketException>(flood);
        await node.ShouldServeAsync();
    }

    private static string Request(string method, int id) => Calls.Request(
        method, method == "ping" ? "{}" : $$"""{"channel":"c{{id % 7}}","event":"e","data":{{id}} }""", id);
}
