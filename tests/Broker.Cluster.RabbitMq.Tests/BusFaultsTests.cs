using System.Diagnostics;
using System.Text;
using Broker.Actors.Cluster;
using Broker.TestKit.Cluster;
using Broker.TestKit.Proxies;
using Broker.TestKit.Servers;

namespace Broker.Cluster.RabbitMq.Tests;

/// <summary>What a bus does when RabbitMQ, the way to it, or a node at the other end fails.</summary>
[Trait("Needs", "rabbitmq")]
public sealed class BusFaultsTests(RabbitMqFixture rabbit)
{
    private const int BatchBytes = 256 << 10;

    [Fact]
    public async Task RabbitMq_Restarted_IsFoundAgain()
    {
        await using var server = await RabbitMqServer.StartAsync();
        await using var one = await RunningBus.OpenAsync(server.Uri().ToString());
        await using var other = await RunningBus.OpenAsync(server.Uri().ToString());
        var before = one.Self;

        await server.StopAsync();
        (await one.NextAsync()).ShouldBe("disconnected");
        (await other.NextAsync()).ShouldBe("disconnected");
        one.TrySend(before, "nobody hears it").ShouldBeFalse();
        await server.StartAgainAsync();

        (await one.NextAsync()).ShouldBe("connected");
        (await other.NextAsync()).ShouldBe("connected");
        one.Self.ShouldNotBe(before);
        await one.ShouldReachAsync(other);
        await other.ShouldReachAsync(one);
    }

    [Fact]
    public async Task RabbitMq_ThatIsNotThereYet_IsWaitedFor()
    {
        var server = await rabbit.ServerAsync();
        await using var proxy = new FaultProxy(server.EndPoint);
        proxy.Cut();
        var sink = new RecordingSink();
        await using var bus = new RabbitMqBus(
            new RabbitMqOptions { ConnectionString = RabbitMqServer.Uri(proxy.EndPoint).ToString() },
            Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance,
            TimeProvider.System);

        bus.Start(sink);
        while (bus.Counters.FailedConnects.Value == 0)
        {
            await Task.Yield();
        }

        proxy.Heal();
        (await sink.NextAsync()).ShouldBe("connected");
    }

    [Theory]
    [InlineData(FlowDirection.Both)]
    [InlineData(FlowDirection.ToServer)]
    [InlineData(FlowDirection.ToClient)]
    public async Task HalfOpenConnection_IsNoticedByItsHeartbeat(FlowDirection ways)
    {
        var server = await rabbit.ServerAsync();
        await using var proxy = new FaultProxy(server.EndPoint);
        await using var bus = await RunningBus.OpenAsync(
            RabbitMqServer.Uri(proxy.EndPoint).ToString(), options => options.Heartbeat = TimeSpan.FromSeconds(1));

        var started = Stopwatch.GetTimestamp();
        proxy.HalfOpen(ways);
        (await bus.NextAsync()).ShouldBe("disconnected");

        // Twice the heartbeat, and what a busy machine adds.
        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(10));
        proxy.Heal();
        (await bus.NextAsync()).ShouldBe("connected");
        await bus.ShouldReachAsync(bus);
    }

    [Fact]
    public async Task Node_Killed_LeavesNoQueue_AndWhatIsSentToItComesBack()
    {
        var server = await rabbit.ServerAsync();
        await using var proxy = new FaultProxy(server.EndPoint);
        await using var one = await RunningBus.OpenAsync(server.Uri().ToString());
        await using var killed = await RunningBus.OpenAsync(RabbitMqServer.Uri(proxy.EndPoint).ToString());
        var address = killed.Self;

        // What a killed process leaves to the other side: connections that are reset.
        proxy.Cut();
        string told;
        do
        {
            one.TrySend(address, "are you there", confirm: true).ShouldBeTrue();
            told = await one.NextAsync();
        }
        while (!told.StartsWith("returned", StringComparison.Ordinal));

        (await one.NextAsync()).ShouldStartWith("confirmed");
        one.Bus.Counters.Returned.Value.ShouldBe(1);
    }

    [Fact]
    public async Task Receiver_ThatHolds_FillsItsQueue_AndNobodysMemory()
    {
        var server = await rabbit.ServerAsync();
        HeldSink? held = null;
        await using var sender = await RunningBus.OpenAsync(server.Uri().ToString());
        await using var receiver = await RunningBus.OpenAsync(
            server.Uri().ToString(), options => options.Prefetch = 8, sink => held = new HeldSink(sink));
        using var letGo = held!;
        var batch = new byte[BatchBytes];
        var before = GC.GetTotalMemory(forceFullCollection: true);

        var (sent, accepted) = (0, 0);
        var isFull = false;
        while (!isFull)
        {
            Encoding.ASCII.GetBytes($"{++sent:D8}", batch);
            sender.Bus.TrySend(receiver.Self, new SendId(sent), batch, confirm: true).ShouldBeTrue();
            isFull = await sender.NextAsync() == $"confirmed {sent} False";
            accepted += isFull ? 0 : 1;
        }

        // 64 MiB in RabbitMQ, and what it has handed over.
        accepted.ShouldBeInRange(256, 256 + 8 + 2);
        receiver.Bus.Counters.MessagesReceived.Value.ShouldBe(1);
        sender.Bus.Counters.Rejected.Value.ShouldBe(1);
        sender.Bus.Counters.WaitingBytes.ShouldBe(0);
        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(40 << 20);

        letGo.Release();
        for (var i = 1; i <= accepted; i++)
        {
            (await receiver.NextAsync()).ShouldBe($"received {i:D8}");
        }

        sender.TrySend(receiver.Self, "the next").ShouldBeTrue();
        (await receiver.NextAsync()).ShouldBe("received the next");
    }

    [Fact]
    public async Task RabbitMq_WithoutMemory_IsWaitedFor_WithWhatWaitsBounded()
    {
        await using var server = await RabbitMqServer.StartAsync();
        await using var bus = await RunningBus.OpenAsync(server.Uri().ToString(), options =>
        {
            options.SendBytes = 1 << 20;
            options.PublishTimeout = TimeSpan.FromSeconds(1);
        });
        var batch = new byte[BatchBytes];
        await server.ControlAsync("set_vm_memory_high_watermark", "absolute", "1MB");

        while (bus.Bus.TrySend(new BusAddress("nobody"), default, batch) || !bus.Bus.Counters.IsBlocked)
        {
            await Task.Yield();
        }

        bus.Bus.Counters.WaitingBytes.ShouldBeLessThanOrEqualTo(1 << 20);
        await server.ControlAsync("set_vm_memory_high_watermark", "0.4");
        await bus.NextAsync("returned");
        while (!bus.TrySend(bus.Self, "on it goes"))
        {
            await Task.Yield();
        }

        await bus.NextAsync("received on it goes");
        bus.Bus.Counters.Connects.Value.ShouldBe(1);
    }

    [Fact]
    public async Task Cluster_WithOneNodeKilled_IsUsedThroughAnother()
    {
        await using var cluster = await RabbitMqCluster.StartAsync();
        var nodes = string.Join(',', cluster.Nodes.Select(node => node.Uri()));
        await using var one = await RunningBus.OpenAsync(nodes);
        await using var other = await RunningBus.OpenAsync(nodes);
        await one.ShouldReachAsync(other);
        var used = cluster.Nodes.Single(node => one.Bus.Node == node.EndPoint.ToString());
        var isShared = other.Bus.Node == one.Bus.Node;

        await used.KillAsync();

        (await one.NextAsync()).ShouldBe("disconnected");
        (await one.NextAsync()).ShouldBe("connected");
        one.Bus.Node.ShouldNotBe(used.EndPoint.ToString());
        if (isShared)
        {
            await other.NextAsync("connected");
        }

        await one.ShouldReachAsync(other);
        await other.ShouldReachAsync(one);
    }

    [Fact]
    public async Task Password_ThatIsWrong_IsTriedAgain_AndLoggedNowhere()
    {
        var server = await rabbit.ServerAsync();
        using var log = new LogLines();
        await using var bus = new RabbitMqBus(
            new RabbitMqOptions { ConnectionString = RabbitMqServer.Uri(server.EndPoint, "guest:not-my-secret").ToString() }, log, TimeProvider.System);

        bus.Start(new RecordingSink());
        while (bus.Counters.FailedConnects.Value < 3)
        {
            await Task.Yield();
        }

        var said = log.All();
        said.Count(line => line.StartsWith("Warning Cannot connect", StringComparison.Ordinal)).ShouldBe(1);
        said.ShouldAllBe(line => !line.Contains("not-my-secret", StringComparison.Ordinal));
    }
}
