using System.Globalization;
using Broker.Actors.Cluster;

namespace Broker.TestKit.Cluster;

/// <summary>What every bus promises. An engine's tests inherit it and say how its buses are made and broken.</summary>
public abstract class NodeBusContract
{
    private long _lastId;

    /// <summary>A bus that reaches every other bus made by this test.</summary>
    protected abstract ValueTask<INodeBus> CreateAsync();

    /// <summary>Breaks the connection; the bus comes back by itself.</summary>
    protected abstract ValueTask BreakAsync(INodeBus bus);

    [Fact]
    public async Task Start_WhenItIsConnected_TellsItsAddress()
    {
        var (bus, sink) = await OpenAsync();
        await using var _ = bus;

        sink.Self.ShouldNotBeNull();
    }

    [Fact]
    public async Task Send_ToAnother_ArrivesInOrder()
    {
        var (one, _) = await OpenAsync();
        var (other, sink) = await OpenAsync();
        await using var a = one;
        await using var b = other;

        for (var i = 0; i < 1_000; i++)
        {
            Send(one, sink.Self!.Value, i.ToString(CultureInfo.InvariantCulture)).ShouldBeTrue();
        }

        for (var i = 0; i < 1_000; i++)
        {
            (await sink.NextAsync()).ShouldBe($"received {i}");
        }

        sink.HasOverlapped.ShouldBeFalse();
    }

    [Fact]
    public async Task Send_WhenTheBufferIsUsedAgain_ArrivesAsItWas()
    {
        var (one, _) = await OpenAsync();
        var (other, sink) = await OpenAsync();
        await using var a = one;
        await using var b = other;
        var buffer = "before"u8.ToArray();

        one.TrySend(sink.Self!.Value, new SendId(1), buffer).ShouldBeTrue();
        "after!"u8.CopyTo(buffer);

        (await sink.NextAsync()).ShouldBe("received before");
    }

    [Fact]
    public async Task Send_ToOneself_ArrivesBehindWhatOthersSentBefore()
    {
        var (one, _) = await OpenAsync();
        var (other, sink) = await OpenAsync();
        await using var a = one;
        await using var b = other;

        Send(one, sink.Self!.Value, "item").ShouldBeTrue();
        (await sink.NextAsync()).ShouldBe("received item");
        Send(other, sink.Self!.Value, "probe").ShouldBeTrue();

        (await sink.NextAsync()).ShouldBe("received probe");
    }

    [Fact]
    public async Task Send_ToAnAddressThatIsGone_IsReturned()
    {
        var (one, sink) = await OpenAsync();
        var (other, gone) = await OpenAsync();
        await using var a = one;
        var address = gone.Self!.Value;
        await other.DisposeAsync();

        one.TrySend(address, new SendId(77), "x"u8.ToArray()).ShouldBeTrue();

        (await sink.NextAsync()).ShouldBe("returned 77");
    }

    [Fact]
    public async Task Send_WithConfirm_IsConfirmedBehindAReturn()
    {
        var (one, sink) = await OpenAsync();
        var (other, gone) = await OpenAsync();
        await using var a = one;
        var address = gone.Self!.Value;

        one.TrySend(address, new SendId(1), "x"u8.ToArray(), confirm: true).ShouldBeTrue();
        (await sink.NextAsync()).ShouldBe("confirmed 1 True");
        await other.DisposeAsync();
        one.TrySend(address, new SendId(2), "x"u8.ToArray(), confirm: true).ShouldBeTrue();

        (await sink.NextAsync()).ShouldBe("returned 2");
        (await sink.NextAsync()).ShouldBe("confirmed 2 True");
    }

    [Fact]
    public async Task News_ReachEverybody_TheSenderToo()
    {
        var (one, oneSink) = await OpenAsync();
        var (other, otherSink) = await OpenAsync();
        await using var a = one;
        await using var b = other;

        one.TryNews("hello"u8.ToArray()).ShouldBeTrue();

        (await oneSink.NextAsync()).ShouldBe("news hello");
        (await otherSink.NextAsync()).ShouldBe("news hello");
    }

    [Fact]
    public async Task Connection_WhenItBreaks_ComesBackAtANewAddress()
    {
        var (one, oneSink) = await OpenAsync();
        var (other, sink) = await OpenAsync();
        await using var a = one;
        await using var b = other;
        var before = sink.Self!.Value;

        await BreakAsync(other);

        (await sink.NextAsync()).ShouldBe("disconnected");
        (await sink.NextAsync()).ShouldBe("connected");
        sink.Self!.Value.ShouldNotBe(before);
        one.TrySend(before, new SendId(5), "late"u8.ToArray()).ShouldBeTrue();
        (await oneSink.NextAsync()).ShouldBe("returned 5");
        Send(one, sink.Self!.Value, "now").ShouldBeTrue();
        (await sink.NextAsync()).ShouldBe("received now");
    }

    private bool Send(INodeBus from, BusAddress to, string text) =>
        from.TrySend(to, new SendId(++_lastId), System.Text.Encoding.UTF8.GetBytes(text));

    private async Task<(INodeBus Bus, RecordingSink Sink)> OpenAsync()
    {
        var bus = await CreateAsync();
        var sink = new RecordingSink();
        bus.Start(sink);
        (await sink.NextAsync()).ShouldBe("connected");
        return (bus, sink);
    }
}
