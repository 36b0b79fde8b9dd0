using Broker.Actors.Cluster;
using Broker.Messages;
using Broker.TestKit.Cluster;

namespace Broker.Actors.Tests.Cluster;

/// <summary>Shards that nobody serves, where the node that is wanted for them does not take them.</summary>
public sealed class PassedOverTests : IDisposable
{
    private readonly InProcessCluster _cluster = new(nodes: 3);

    [Fact]
    public void WantedNode_WhoseBusIsStale_IsPassedOver_AndGetsTheShardOnceItIsFresh()
    {
        var channel = ChannelWantedBy(1);
        var writer = _cluster[2].Connect();
        _cluster.Exchange.CutOneWay(_cluster.BusOf(1), _cluster.BusOf(1));
        _cluster.Pass(TimeSpan.FromSeconds(1));

        _cluster.Kill(0);
        _cluster.Pass(TimeSpan.FromSeconds(2));
        _cluster.OwnerOf(channel).ShouldBe(2);
        _cluster.Pass(TimeSpan.FromSeconds(6));   // it stays while the wanted one could not order
        _cluster.OwnerOf(channel).ShouldBe(2);
        writer.Emit(channel, "1");
        _cluster.Pass(TimeSpan.FromSeconds(1));
        writer.Lines.All.ShouldBe(["ok emit 1 @1"]);

        _cluster.Exchange.Heal(_cluster.BusOf(1), _cluster.BusOf(1));
        _cluster.PassUntil(() => _cluster.OwnerOf(channel) == 1 && _cluster.IsWhole, "the wanted node owns it");
        writer.Emit(channel, "2");
        _cluster.Pass(TimeSpan.FromSeconds(1));
        writer.Lines.All.ShouldBe(["ok emit 1 @1", "ok emit 2 @2"]);
    }

    /// <summary>R2c: whoever was without a lease itself relieves nobody for a while.</summary>
    [Fact]
    public void WantedNode_ThatWasWithoutALeaseItself_IsPassedOver()
    {
        var channel = ChannelWantedBy(1);

        _cluster.Freeze(1);
        _cluster.Pass(TimeSpan.FromSeconds(3));
        _cluster.Freeze(0);
        _cluster.Pass(TimeSpan.FromSeconds(3));
        _cluster.Thaw(1);   // a second after its lease has ended, two before the owner's does

        _cluster.PassUntil(() => _cluster.OwnerOf(channel) == 2, "the other has it, which the wanted one may not claim yet");
    }

    [Fact]
    public void WantedNode_ThatCanClaim_IsNotForestalled()
    {
        var channels = Enumerable.Range(0, 5).Select(nth => _cluster.ChannelOf(0, nth)).ToArray();

        _cluster.Kill(0);
        _cluster.Pass(TimeSpan.FromSeconds(1));

        channels.ShouldAllBe(channel => _cluster.OwnerOf(channel) == Wanted(channel));
    }

    public void Dispose() => _cluster.Dispose();

    /// <summary>A channel that the first node owns, and that another one is wanted for when that is gone.</summary>
    private string ChannelWantedBy(int node) => Enumerable.Range(0, 20).Select(nth => _cluster.ChannelOf(0, nth)).First(channel => Wanted(channel) == node);

    private int Wanted(string channel)
    {
        var shard = ShardId.Of(new ChannelName("default", channel), InProcessCluster.Shards);
        var wanted = Rendezvous.Wanted(shard, [_cluster[1].Node.Self, _cluster[2].Node.Self]);
        return wanted == _cluster[1].Node.Self ? 1 : 2;
    }
}
