using Broker.Actors.Cluster;

namespace Broker.Cluster.RabbitMq.Tests;

public sealed class SendQueueTests
{
    private readonly RabbitMqCounters _counters = new();
    private readonly BusAddress _to = new("somewhere");

    [Fact]
    public void Queue_WhenItIsFull_RefusesUntilOneIsDone()
    {
        var queue = new SendQueue(maxBytes: 3_000, _counters);

        queue.TryAdd(_to, new SendId(1), confirm: false, new byte[1_000]).ShouldBeTrue();
        queue.TryAdd(_to, new SendId(2), confirm: false, new byte[1_000]).ShouldBeTrue();
        queue.TryAdd(_to, new SendId(3), confirm: false, new byte[1_000]).ShouldBeFalse();
        queue.TryTake(out var first).ShouldBeTrue();
        queue.TryAdd(_to, new SendId(3), confirm: false, new byte[1_000]).ShouldBeFalse();
        queue.Done(first);
        queue.TryAdd(_to, new SendId(3), confirm: false, new byte[1_000]).ShouldBeTrue();

        first.Id.ShouldBe(new SendId(1));
    }

    [Fact]
    public void Queue_OfEmptyBatches_HasABoundToo()
    {
        var queue = new SendQueue(maxBytes: 10_000, _counters);
        var taken = 0;

        while (queue.TryAdd(null, default, confirm: false, ReadOnlyMemory<byte>.Empty))
        {
            taken++;
        }

        taken.ShouldBeInRange(10, 100);
    }

    [Fact]
    public void Queue_Cleared_TakesNothingAndHoldsNothing()
    {
        var queue = new SendQueue(maxBytes: 10_000, _counters);
        queue.TryAdd(_to, default, confirm: false, new byte[100]).ShouldBeTrue();
        _counters.WaitingBytes.ShouldBeGreaterThan(100);

        queue.Clear();

        queue.TryAdd(_to, default, confirm: false, new byte[100]).ShouldBeFalse();
        _counters.WaitingBytes.ShouldBe(0);
    }
}
