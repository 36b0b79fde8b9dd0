using Broker.Actors.Cluster;
using Broker.Messages;
using Broker.TestKit.Cluster;

namespace Broker.Actors.Tests.Cluster;

/// <summary>How long a node that leaves stays: until others hold what it holds, as of now.</summary>
public sealed class LeavingNodesTests
{
    /// <summary>The other may own all shards, and yet count on the one that leaves to hold their events.</summary>
    [Fact]
    public async Task Standby_StaysUntilNoRowNamesIt()
    {
        using var cluster = new InProcessCluster(nodes: 2);

        var handedOver = cluster[1].Node.HandOverAsync();
        cluster.PassUntil(() => handedOver.IsCompleted, "it has handed over");

        (await RowsAsync(cluster)).ShouldAllBe(row => !row.Holders.Contains(cluster[1].Node.Self));
    }

    [Fact]
    public async Task Owner_WhoseLastStandbyLeaves_HoldsAloneAtOnce()
    {
        using var cluster = new InProcessCluster(nodes: 2);

        var handedOver = cluster[1].Node.HandOverAsync();
        cluster.Pass(TimeSpan.FromSeconds(5));

        handedOver.IsCompleted.ShouldBeTrue();
        (await RowsAsync(cluster)).ShouldAllBe(row => row.Owner == cluster[0].Node.Self && row.Holders.Single() == cluster[0].Node.Self);
    }

    [Fact]
    public void LastNode_WaitsForOneThatIsOnlyFrozen()
    {
        using var cluster = new InProcessCluster(nodes: 2);
        var (channel, since) = Emit(cluster);
        cluster.Freeze(1);
        cluster.Pass(TimeSpan.FromSeconds(7));   // its lease has ended

        var handedOver = cluster[0].Node.HandOverAsync();
        cluster.Pass(TimeSpan.FromSeconds(4));
        handedOver.IsCompleted.ShouldBeFalse();
        cluster.Thaw(1);
        cluster.PassUntil(() => handedOver.IsCompleted, "it has handed over");

        ShouldHold(cluster, 1, channel, since);
    }

    [Fact]
    public void LastNode_LooksOnceMoreWhoIsThere()
    {
        using var cluster = new InProcessCluster(nodes: 1);
        var (channel, since) = Emit(cluster);
        cluster.Pass(TimeSpan.FromMilliseconds(300));   // it has not renewed its lease right now
        cluster.Add();
        cluster.CutOneWay(1, 0);   // it comes, and its news is lost
        cluster.Turn();
        cluster.Heal(0, 1);

        var handedOver = cluster[0].Node.HandOverAsync();
        cluster.PassUntil(() => handedOver.IsCompleted, "it has handed over");

        cluster[0].Node.Shards.All.ShouldAllBe(shard => !shard.IsOwner);
        ShouldHold(cluster, 1, channel, since);
    }

    [Fact]
    public async Task Leave_WhereANodeHasComeSinceAllWasHandedOver_GivesItToThatOne()
    {
        using var cluster = new InProcessCluster(nodes: 1);
        var (channel, since) = Emit(cluster);
        HandOverToNobody(cluster);
        var joined = cluster.Add();
        cluster.PassUntil(() => joined.Node.Ready.IsCompleted, "the other is there");

        var left = DoneAsync(cluster[0].Node.LeaveAsync());
        cluster.Pass(TimeSpan.FromSeconds(5));
        await cluster.TurnUntilAsync(left);

        ShouldHold(cluster, 1, channel, since);
    }

    [Fact]
    public async Task Leave_AfterAHandOverThatTookTooLong_GoesAtOnce()
    {
        using var cluster = new InProcessCluster(nodes: 2);
        cluster.Freeze(1);
        var handedOver = cluster[0].Node.HandOverAsync();
        cluster.PassUntil(() => handedOver.IsCompleted, "it has waited long enough");
        cluster[0].Node.Shards.All.ShouldContain(shard => shard.IsOwner);

        var left = DoneAsync(cluster[0].Node.LeaveAsync());
        cluster.Turn();

        cluster[0].Node.Shards.All.ShouldAllBe(shard => !shard.IsOwner);
        await cluster.TurnUntilAsync(left);
    }

    /// <summary>What is handed over at the end has the whole time, however long ago the first hand-over began.</summary>
    [Fact]
    public async Task Leave_LongAfterTheHandOver_HasTimeOfItsOwn()
    {
        using var cluster = new InProcessCluster(nodes: 1);
        var (channel, since) = Emit(cluster);
        HandOverToNobody(cluster);
        cluster.Pass(TimeSpan.FromSeconds(13));
        var joined = cluster.Add();
        cluster.PassUntil(() => joined.Node.Ready.IsCompleted, "the other is there");
        cluster.Freeze(1);

        var left = DoneAsync(cluster[0].Node.LeaveAsync());
        cluster.Pass(TimeSpan.FromSeconds(4));
        cluster[0].Node.Shards.All.ShouldAllBe(shard => shard.IsOwner);
        cluster.Thaw(1);
        cluster.Pass(TimeSpan.FromSeconds(5));
        await cluster.TurnUntilAsync(left);

        ShouldHold(cluster, 1, channel, since);
    }

    [Fact]
    public async Task Leave_DuringAHandOver_EndsBoth()
    {
        using var cluster = new InProcessCluster(nodes: 2);

        var handedOver = cluster[0].Node.HandOverAsync();
        var left = DoneAsync(cluster[0].Node.LeaveAsync());
        cluster.Pass(TimeSpan.FromSeconds(5));
        await cluster.TurnUntilAsync(left);

        handedOver.IsCompleted.ShouldBeTrue();
    }

    private static void HandOverToNobody(InProcessCluster cluster)
    {
        var handedOver = cluster[0].Node.HandOverAsync();
        cluster.PassUntil(() => handedOver.IsCompleted, "there is nobody to take it");
    }

    private static async Task<bool> DoneAsync(Task task)
    {
#pragma warning disable VSTHRD003 // Turned by the test.
        await task;
#pragma warning restore VSTHRD003
        return true;
    }

    /// <summary>An acknowledged event of the first node, and the place before it.</summary>
    private static (string Channel, Position Since) Emit(InProcessCluster cluster)
    {
        var channel = cluster.ChannelOf(0);
        var writer = cluster[0].Connect();
        writer.Emit(channel, "1");
        cluster.Pass(TimeSpan.FromSeconds(1));
        writer.Lines.All.ShouldBe(["ok emit 1 @1"]);
        return (channel, writer.Dialect.LastEmitted.Position with { Offset = 0 });
    }

    private static async Task<ShardRow[]> RowsAsync(InProcessCluster cluster) =>
        ((Answer<ShardRow[]>.Done)await cluster.Authority.ReadAsync(default)).Value;

    private static void ShouldHold(InProcessCluster cluster, int node, string channel, Position since)
    {
        cluster.Pass(TimeSpan.FromSeconds(1));
        var reader = cluster[node].Connect();
        reader.Subscribe(channel, since);
        cluster.Turn();
        reader.Lines.All.ShouldBe([$"ok sub {channel} @1 recovered", $"{channel}#1 e=1"]);
    }
}
