using System.Threading.Channels;
using Broker.Client.Tests.Fakes;
using Broker.TestKit.Nodes;

namespace Broker.Client.Tests.Nodes;

/// <summary>A node dies, or goes down in good order, under a client that is subscribed.</summary>
[Trait("Needs", "server")]
public sealed class CrashTests
{
    private readonly Channel<BrokerClientStateChange> _changes = Channel.CreateUnbounded<BrokerClientStateChange>();

    [Fact]
    public async Task Killed_AndStartedAgainWithoutItsMemory_IsToldAsAGap()
    {
        var node = await BrokerProcess.StartAsync();
        var port = node.Port;
        await using var client = new BrokerClient(Options(port));
        var subscription = client.Subscribe("chat");
        await subscription.WhenSubscribedAsync();
        await using var reading = new Reading(subscription);
        for (var number = 1; number <= 3; number++)
        {
            await client.PublishAsync("chat", "n", JsonData.Of(number));
        }

        await reading.EventsAsync(1, 2, 3);
        var lastPosition = subscription.Position!.Value;
        await node.SignalAsync("KILL");
        await node.DisposeAsync();
        await UntilAsync(BrokerClientState.Waiting);

        // What is published while nobody is there waits.
        var publishing = client.PublishAsync("chat", "n", JsonData.Of("later"));
        await using var again = await BrokerProcess.StartAsync(port);
        (await publishing).Position.Offset.ShouldBe(1);

        var gap = await reading.NextAsync<ChannelItem.Gap>();
        (gap.Reason, gap.Since, gap.Lost).ShouldBe((GapReason.NotRecovered, lastPosition, null));
        gap.Position.Epoch.ShouldNotBe(lastPosition.Epoch);
        (await reading.NextAsync<ChannelItem.Event>()).Data.ShouldBe(JsonData.Of("later"));
    }

    [Fact]
    public async Task Terminated_AsksItsClientsToGo_AndTheyComeBack()
    {
        var node = await BrokerProcess.StartAsync(arguments: ["--Broker:Drain:Window=00:00:00"]);
        var port = node.Port;
        await using var client = new BrokerClient(Options(port));
        await using var reading = new Reading(client.Subscribe("chat"));
        await client.PublishAsync("chat", "n", JsonData.Of(1));
        await reading.EventsAsync(1);
        await node.SignalAsync("TERM");

        var waiting = await UntilAsync(BrokerClientState.Waiting);
        waiting.End.ShouldBe(new ConnectionEnd(1001, "shutdown", MayReturn: true));
        (await node.WaitForExitAsync()).ShouldBe(0);
        await node.DisposeAsync();
        await using var again = await BrokerProcess.StartAsync(port);
        (await reading.NextAsync<ChannelItem.Gap>()).Since.Offset.ShouldBe(1);
        await client.PublishAsync("chat", "n", JsonData.Of(2));
        (await reading.NextAsync<ChannelItem.Event>()).Data.ShouldBe(JsonData.Of(2));
    }

    [Fact]
    public async Task Stopped_AsAFrozenMachine_IsNoticedByTheKeepAlive()
    {
        await using var node = await BrokerProcess.StartAsync();
        await using var client = new BrokerClient(Options(node.Port, keepAlive: TimeSpan.FromSeconds(1)));
        await client.ConnectAsync();
        await node.SignalAsync("STOP");
        await UntilAsync(BrokerClientState.Waiting);
        await node.SignalAsync("CONT");

        await UntilAsync(BrokerClientState.Connected);
        await client.PingAsync();
    }

    private BrokerClientOptions Options(int port, TimeSpan? keepAlive = null) => new()
    {
        Url = new Uri($"ws://127.0.0.1:{port}/rpc"),
        RequestTimeout = FakeSocket.Patience,
        PublishTimeout = FakeSocket.Patience,
        BackOffMax = TimeSpan.FromSeconds(1),
        KeepAliveInterval = keepAlive ?? TimeSpan.FromSeconds(20),
        KeepAliveTimeout = keepAlive ?? TimeSpan.FromSeconds(20),
        ConnectTimeout = TimeSpan.FromSeconds(5),
        StateChanged = change => _changes.Writer.TryWrite(change),
    };

    private async Task<BrokerClientStateChange> UntilAsync(BrokerClientState state)
    {
        using var patience = new CancellationTokenSource(FakeSocket.Patience);
        while (true)
        {
            var change = await _changes.Reader.ReadAsync(patience.Token);
            if (change.State == state)
            {
                return change;
            }
        }
    }
}
