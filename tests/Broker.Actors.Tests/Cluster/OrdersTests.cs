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

    [Fact]
    public async Task Move_OfAnOwnShard_GivesItAwayWithWhatItHolds_AndItStaysThere()
    {
        var channel = _cluster.ChannelOf(0);
        var shard = ShardId.Of(new ChannelName("default", channel), InProcessCluster.Shards);
        var reader = _cluster[1].Connect();
        reader.Subscribe(channel);
        _cluster[2].Connect().Emit(channel, "1");
        _cluster.Pass(TimeSpan.FromSeconds(1));

        (await _cluster.PassUntilAsync(_cluster[0].Node.MoveAsync(shard, _cluster[2].Node.Self))).ShouldBe(OrderOutcome.Done);

        _cluster.Pass(TimeSpan.FromSeconds(10));
        _cluster.OwnerOf(channel).ShouldBe(2);
        _cluster[1].Connect().Emit(channel, "2");
        _cluster.Pass(TimeSpan.FromSeconds(1));
        (await _cluster.TurnUntilAsync(_cluster[0].Node.MoveAsync(shard, _cluster[1].Node.Self))).ShouldBe(OrderOutcome.NotOwner);
        reader.Events.Length.ShouldBe(2);
    }

    [Fact]
    public async Task Move_ToANodeThatStandsStill_IsNotTaken_AndTheOwnerGoesOn()
    {
        var channel = _cluster.ChannelOf(0);
        var shard = ShardId.Of(new ChannelName("default", channel), InProcessCluster.Shards);
        _cluster.Freeze(2);

        (await _cluster.PassUntilAsync(_cluster[0].Node.MoveAsync(shard, _cluster[2].Node.Self))).ShouldBe(OrderOutcome.NotTaken);

        _cluster.OwnerOf(channel).ShouldBe(0);
    }

    [Fact]
    public async Task Move_ToNobody_SaysSo()
    {
        var shard = ShardId.Of(new ChannelName("default", _cluster.ChannelOf(0)), InProcessCluster.Shards);

        (await _cluster.TurnUntilAsync(_cluster[0].Node.MoveAsync(shard, Incarnation.New()))).ShouldBe(OrderOutcome.UnknownNode);
    }

    public void Dispose() => _cluster.Dispose();
}
