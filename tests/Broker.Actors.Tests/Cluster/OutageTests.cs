using Broker.Actors.Cluster;
using Broker.Messages;
using Broker.TestKit.Cluster;

namespace Broker.Actors.Tests.Cluster;

/// <summary>Nodes that lose their connections to the bus and the authority: to the others they look dead, and are not.</summary>
public sealed class OutageTests : IDisposable
{
    private readonly InProcessCluster _cluster = new(nodes: 3);

    [Fact]
    public void HolderThatLooksDead_WhenTheOwnerDies_IsWaitedFor_AndNothingIsLost()
    {
        var (channel, standby, other) = Channel();
        var first = Emit(other, channel, "1");

        _cluster.ThrowOut(standby);
        _cluster.Kill(0);
        _cluster.PassUntil(() => _cluster.OwnerOf(channel) == other, "the third has claimed the shard");
        _cluster.Pass(TimeSpan.FromSeconds(2));
        IsInPlace(channel, other).ShouldBeFalse();
        _cluster.LetBackIn(standby);
        _cluster.PassUntil(() => IsInPlace(channel, other), "the third is in place");
        Emit(other, channel, "2");

        ReadFrom(first with { Offset = 0 }, other, channel).ShouldBe([$"ok sub {channel} @2 recovered", $"{channel}#1 e=1", $"{channel}#2 e=2"]);
    }

    [Fact]
    public void HoldersThatAreDead_AreGivenUpAfterFiveSeconds_AndSubscribersAreToldThatSomethingIsLost()
    {
        var (channel, standby, other) = Channel();
        var first = Emit(other, channel, "1");
        var diedAt = _cluster.Time.GetTimestamp();

        _cluster.Kill(standby);
        _cluster.Kill(0);
        _cluster.PassUntil(() => _cluster.OwnerOf(channel) == other && IsInPlace(channel, other), "the third is in place");
        var tookFor = _cluster.Time.GetElapsedTime(diedAt);
        Emit(other, channel, "2");

        tookFor.ShouldBeInRange(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(7));
        ReadFrom(first with { Offset = 0 }, other, channel).ShouldBe([$"ok sub {channel} @1"]);
    }

    [Fact]
    public void Outage_OfEveryNode_IsNoReasonForTheFirstOneBackToGiveTheOthersUp()
    {
        var (channel, _, other) = Channel();
        var first = Emit(other, channel, "1");

        foreach (var node in new[] { 0, 1, 2 })
        {
            _cluster.ThrowOut(node);
        }

        _cluster.Pass(TimeSpan.FromSeconds(6));   // longer than anybody is waited for
        _cluster.LetBackIn(other);
        _cluster.PassUntil(() => _cluster.OwnerOf(channel) == other, "the first one back has claimed the shard");
        _cluster.Pass(TimeSpan.FromSeconds(3));
        foreach (var node in new[] { 0, 1, 2 }.Except([other]))
        {
            _cluster.LetBackIn(node);
        }

        _cluster.PassUntil(() => IsInPlace(channel, other), "it is in place");
        Emit(other, channel, "2");

        ReadFrom(first with { Offset = 0 }, other, channel).ShouldBe([$"ok sub {channel} @2 recovered", $"{channel}#1 e=1", $"{channel}#2 e=2"]);
    }

    [Fact]
    public async Task NewNode_ThatIsThereBeforeTheHolders_WaitsForThem()
    {
        var (channel, standby, other) = Channel();
        var first = Emit(other, channel, "1");
        var shard = _cluster[0].Node.Shards.Of(new ChannelName("default", channel));

        foreach (var node in new[] { 0, 1, 2 })
        {
            _cluster.ThrowOut(node);
        }

        _cluster.Pass(TimeSpan.FromSeconds(6));   // their leases have ended
        await _cluster.Authority.ReleaseAsync([new ShardTerm(shard.Id, shard.Term)], default);   // as an owner does whose bus is stale
        _cluster.Add();
        _cluster.PassUntil(() => _cluster.OwnerOf(channel) == 3, "the new node has claimed the shard");
        _cluster.Pass(TimeSpan.FromSeconds(2));
        IsInPlace(channel, 3).ShouldBeFalse();
        _cluster.LetBackIn(standby);
        _cluster.PassUntil(() => IsInPlace(channel, 3), "the new node is in place");

        ReadFrom(first with { Offset = 0 }, 3, channel).ShouldBe([$"ok sub {channel} @1 recovered", $"{channel}#1 e=1"]);
    }

    [Fact]
    public async Task NewNode_AfterTheLastOneLeft_WaitsForNobody()
    {
        using var cluster = new InProcessCluster(nodes: 1);
        cluster[0].Connect().Emit("c", "1");
        cluster.Turn();
        await cluster.PassUntilAsync(LeaveAsync(cluster, 0));
        var leftAt = cluster.Time.GetTimestamp();

        cluster.Add();
        cluster.PassUntil(() => IsInPlace(cluster, "c", 1), "the new node is in place");

        cluster.Time.GetElapsedTime(leftAt).ShouldBeLessThan(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void OwnerThatIsCutOff_DoesNotTellThatALostNodesMembersHaveLeft()
    {
        var channel = _cluster.ChannelOf(0);
        var reader = _cluster[0].Connect();
        reader.Subscribe(channel);
        _cluster.Turn();
        _cluster[1].Connect().Subscribe(channel, member: "ann");
        _cluster.Turn();

        _cluster.Kill(1);
        _cluster.Pass(TimeSpan.FromSeconds(2));
        _cluster.Exchange.Disconnect(_cluster.BusOf(0));
        _cluster[2].Connect().Subscribe(channel, member: "ann");   // who was with the lost node is with another within the grace
        _cluster.Pass(TimeSpan.FromSeconds(2));
        _cluster.Exchange.Connect(_cluster.BusOf(0));
        _cluster.Pass(TimeSpan.FromSeconds(10));

        reader.Lines.All.Where(line => line[0] is '+' or '-').ShouldBe([$"+{channel} ann"]);
    }

    [Fact]
    public void SubscriberThatHasSeenMoreThanAnOwnerThatIsCutOff_IsJudgedByTheNextOwner()
    {
        var (channel, standby, _) = Channel();
        var last = Emit(0, channel, "1");

        _cluster.Exchange.Disconnect(_cluster.BusOf(0));
        _cluster.Pass(TimeSpan.FromSeconds(1));   // its bus is stale
        var reader = _cluster[0].Connect();
        reader.Subscribe(channel, last with { Offset = 5 });
        _cluster.Turn();
        reader.Lines.All.ShouldBeEmpty();   // another node may have ordered what it says to have seen
        _cluster.Authority.Kill(_cluster[0].Node.Self);
        _cluster.PassUntil(() => _cluster.OwnerOf(channel) == standby || _cluster[standby].Node.Shards.Of(new ChannelName("default", channel)).IsOwner, "the standby has taken the shard");
        _cluster.Exchange.Connect(_cluster.BusOf(0));
        _cluster.Pass(TimeSpan.FromSeconds(3));

        reader.Lines.All.ShouldBe([$"ok sub {channel} @1"]);
    }

    public void Dispose() => _cluster.Dispose();

    private static async Task<bool> LeaveAsync(InProcessCluster cluster, int node)
    {
        await cluster[node].Node.HandOverAsync();
        await cluster[node].Node.LeaveAsync();
        cluster.Kill(node);
        return true;
    }

    /// <summary>A channel of the first node, with the one that holds it besides, and the one that has nothing of it.</summary>
    private (string Name, int Standby, int Other) Channel()
    {
        var channel = _cluster.ChannelOf(0);
        var standby = _cluster.StandbyOf(channel);
        return (channel, standby, 3 - standby);
    }

    private Position Emit(int node, string channel, string data)
    {
        var writer = _cluster[node].Connect();
        writer.Emit(channel, data);
        _cluster.Pass(TimeSpan.FromMilliseconds(200));
        writer.Lines.All.Single().ShouldStartWith("ok ");
        return writer.Dialect.LastEmitted.Position;
    }

    private string[] ReadFrom(Position since, int node, string channel)
    {
        var reader = _cluster[node].Connect();
        reader.Subscribe(channel, since);
        _cluster.Turn();
        return [.. reader.Lines.All];
    }

    private bool IsInPlace(string channel, int node) => IsInPlace(_cluster, channel, node);

    private static bool IsInPlace(InProcessCluster cluster, string channel, int node) => cluster[node].Node.Shards.Of(new ChannelName("default", channel)).IsInPlace;
}
