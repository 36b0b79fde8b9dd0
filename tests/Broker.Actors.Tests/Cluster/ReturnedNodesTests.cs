using Broker.Actors.Cluster;
using Broker.Actors.Shards;
using Broker.Messages;
using Broker.TestKit.Cluster;

namespace Broker.Actors.Tests.Cluster;

/// <summary>Nodes that are back under the same incarnation while a new owner asks who has what of a shard.</summary>
public sealed class ReturnedNodesTests : IDisposable
{
    private readonly InProcessCluster _cluster = new(
        nodes: 4,
        new LocalNodeOptions { Shards = InProcessCluster.Shards, Loops = 2, Shard = new ShardOptions { PresenceGraceMs = 200 } });

    /// <param name="unheardMs">How long nothing that the new owner says reaches the holder: longer than anybody but a holder is waited for.</param>
    [Theory]
    [InlineData(0)]
    [InlineData(2_000)]
    public void Holder_ThatWasFoundDead_IsAskedWhenItIsBack(int unheardMs)
    {
        var channel = _cluster.ChannelOf(0);
        var standby = _cluster.StandbyOf(channel);
        var (next, silent) = NextOf(channel, standby);
        var writer = _cluster[next].Connect();
        writer.Emit(channel, "1");
        _cluster.Pass(TimeSpan.FromMilliseconds(2_200));   // all have read who holds what
        var since = writer.Dialect.LastEmitted.Position with { Offset = 0 };

        _cluster.Freeze(silent);   // so that the new owner waits for somebody
        _cluster.ThrowOut(standby);
        _cluster.Kill(0);
        _cluster.PassUntil(() => _cluster.OwnerOf(channel) == next, "the next has claimed the shard");
        ShardOf(channel, next).IsInPlace.ShouldBeFalse();
        if (unheardMs > 0)
        {
            _cluster.CutOneWay(next, standby);
        }

        _cluster.LetBackIn(standby);
        _cluster.Pass(TimeSpan.FromMilliseconds(unheardMs));
        _cluster.Heal(next, standby);
        _cluster.PassUntil(() => ShardOf(channel, next).IsInPlace, "the next is in place");
        var reader = _cluster[next].Connect();
        reader.Subscribe(channel, since);
        _cluster.Turn();

        reader.Lines.All.ShouldBe([$"ok sub {channel} @1 recovered", $"{channel}#1 e=1"]);
    }

    [Fact]
    public void Members_OfANodeThatIsBackBeforeTheOwnerIsInPlace_DoNotFlicker()
    {
        var channel = _cluster.ChannelOf(0);
        var next = _cluster.StandbyOf(channel);
        var others = new[] { 1, 2, 3 }.Except([next]).ToArray();
        var reader = _cluster[next].Connect();
        reader.Subscribe(channel);
        _cluster.Turn();
        _cluster[others[0]].Connect().Subscribe(channel, member: "ann");
        _cluster.Turn();

        _cluster.Freeze(others[0]);
        _cluster.PassUntil(() => !_cluster[next].Node.Ports[0].IsLeased(_cluster[others[0]].Node.Self), "its lease has ended");
        _cluster.Exchange.Delay(_cluster.BusOf(others[1]), _cluster.BusOf(next), TimeSpan.FromMilliseconds(300));   // what the new owner waits for
        _cluster.Kill(0);
        _cluster.PassUntil(() => _cluster.OwnerOf(channel) == next, "the next has claimed the shard");
        _cluster.Thaw(others[0]);
        _cluster.Turn();
        _cluster[next].Node.Ports[0].IsLeased(_cluster[others[0]].Node.Self).ShouldBeTrue();
        ShardOf(channel, next).IsInPlace.ShouldBeFalse();
        _cluster.Exchange.Delay(_cluster.BusOf(others[0]), _cluster.BusOf(next), TimeSpan.FromSeconds(2));   // the last to say who is there
        _cluster.PassUntil(() => ShardOf(channel, next).IsInPlace, "the next is in place");
        _cluster.Pass(TimeSpan.FromSeconds(10));

        reader.Lines.All.Where(line => line[0] is '+' or '-').ShouldBe([$"+{channel} ann"]);
    }

    public void Dispose() => _cluster.Dispose();

    /// <summary>Who takes the channel's shard when its owner and its standby are gone, and who is left besides.</summary>
    private (int Next, int Silent) NextOf(string channel, int standby)
    {
        var left = new[] { 1, 2, 3 }.Except([standby]).ToArray();
        var wanted = Rendezvous.Wanted(ShardOf(channel, left[0]).Id, left.Select(node => _cluster[node].Node.Self));
        return wanted == _cluster[left[0]].Node.Self ? (left[0], left[1]) : (left[1], left[0]);
    }

    private ShardActor ShardOf(string channel, int node) => _cluster[node].Node.Shards.Of(new ChannelName("default", channel));
}
