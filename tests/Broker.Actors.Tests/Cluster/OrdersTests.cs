using Broker.Actors.Cluster;
using Broker.Messages;
using Broker.TestKit.Cluster;

namespace Broker.Actors.Tests.Cluster;

/// <summary>What operators ask and order.</summary>
public sealed class OrdersTests : IDisposable
{
    private readonly InProcessCluster _cluster = new();

    [Fact]
    public async Task Look_TellsWhoIsThereAndWhoOwnsWhat()
    {
        var view = await _cluster.TurnUntilAsync(_cluster[0].Node.LookAsync());

        view.State.ShouldBe(NodeState.Up);
        view.IsBusOk.ShouldBeTrue();
        view.LeaseLeft.ShouldBeInRange(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(5));
        view.Live.Select(row => row.Name).Order().ShouldBe(["n0", "n1", "n2"]);
        view.Shards.Count.ShouldBe(InProcessCluster.Shards);
        view.Shards.ShouldAllBe(row => view.Live.Any(node => node.Incarnation == row.Owner));
    }

    [Fact]
    public async Task Forget_OfANodeThatWasKilled_TakesItForDeadAtOnce()
    {
        var dead = _cluster[2].Node.Self;
        _cluster.Kill(2);

        var outcome = await _cluster.TurnUntilAsync(_cluster[0].Node.ForgetAsync(dead));

        outcome.ShouldBe(OrderOutcome.Done);
        (await _cluster.TurnUntilAsync(_cluster[0].Node.LookAsync())).Live.ShouldNotContain(row => row.Incarnation == dead);
        (await _cluster.TurnUntilAsync(_cluster[0].Node.ForgetAsync(dead))).ShouldBe(OrderOutcome.Done);
    }

    [Fact]
    public async Task Forget_OfANodeThatStandsStill_IsRefused()
    {
        _cluster.Freeze(2);

        (await _cluster.TurnUntilAsync(_cluster[0].Node.ForgetAsync(_cluster[2].Node.Self))).ShouldBe(OrderOutcome.StillAlive);
    }

    [Fact]
    public async Task Forget_OfNobody_SaysSo() =>
        (await _cluster.TurnUntilAsync(_cluster[0].Node.ForgetAsync(Incarnation.New()))).ShouldBe(OrderOutcome.UnknownNode);

    public void Dispose() => _cluster.Dispose();
}
