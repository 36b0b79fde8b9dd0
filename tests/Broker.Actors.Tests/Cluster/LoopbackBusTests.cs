using Broker.Actors.Cluster;
using Broker.TestKit.Cluster;

namespace Broker.Actors.Tests.Cluster;

public sealed class LoopbackBusTests : NodeBusContract
{
    private readonly LoopbackExchange _exchange = new(TimeProvider.System);

    [Fact]
    public async Task Send_OverACutLink_IsLostUntilItHeals()
    {
        var exchange = new LoopbackExchange(TimeProvider.System, isPumped: true);
        var (one, other) = (exchange.CreateBus(), exchange.CreateBus());
        var (oneSink, otherSink) = (new RecordingSink(), new RecordingSink());
        one.Start(oneSink);
        other.Start(otherSink);
        exchange.Pump();
        (await otherSink.NextAsync()).ShouldBe("connected");

        exchange.Cut(one, other);
        one.TrySend(otherSink.Self!.Value, new SendId(1), "lost"u8.ToArray()).ShouldBeTrue();
        exchange.Heal(one, other);
        one.TrySend(otherSink.Self!.Value, new SendId(2), "found"u8.ToArray()).ShouldBeTrue();
        exchange.Pump();

        (await otherSink.NextAsync()).ShouldBe("received found");
    }

    protected override ValueTask<INodeBus> CreateAsync() => ValueTask.FromResult<INodeBus>(_exchange.CreateBus());

    protected override ValueTask BreakAsync(INodeBus bus)
    {
        _exchange.Disconnect((LoopbackBus)bus);
        _exchange.Connect((LoopbackBus)bus);
        return ValueTask.CompletedTask;
    }
}
