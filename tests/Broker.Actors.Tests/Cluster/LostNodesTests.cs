using Broker.Actors.Cluster;
using Broker.Messages;
using Broker.TestKit.Cluster;
using Broker.TestKit.Nodes;

namespace Broker.Actors.Tests.Cluster;

public sealed class LostNodesTests : IDisposable
{
    private readonly InProcessCluster _cluster = new(nodes: 3);

    [Fact]
    public void KilledOwner_HasItsShardsClaimedWithinASecond()
    {
        var channel = _cluster.ChannelOf(0);

        _cluster.Kill(0);
        _cluster.Pass(TimeSpan.FromSeconds(1));

        _cluster.OwnerOf(channel).ShouldBeOneOf(1, 2);
        for (var shard = 0; shard < InProcessCluster.Shards; shard++)
        {
            var (one, other) = (_cluster[1].Node.Shards.All[shard], _cluster[2].Node.Shards.All[shard]);
            (one.IsOwner ^ other.IsOwner).ShouldBeTrue();
            (one.Owner, one.Term).ShouldBe((other.Owner, other.Term));
        }
    }

    [Fact]
    public void KilledOwner_IsFollowedByANodeThatHoldsItsEvents_AndNobodyIsReset()
    {
        var channel = _cluster.ChannelOf(0);
        var readers = new[] { _cluster[1].Connect(), _cluster[2].Connect() };
        readers[0].Subscribe(channel);
        readers[1].Subscribe(channel);
        _cluster.Turn();
        _cluster[1].Connect().Emit(channel, "1");
        _cluster.Pass(TimeSpan.FromSeconds(1));

        _cluster.Kill(0);
        _cluster.Pass(TimeSpan.FromSeconds(1));
        var writer = _cluster[2].Connect();
        writer.Emit(channel, "2");
        _cluster.Turn();

        foreach (var reader in readers)
        {
            reader.Lines.All.ShouldBe([$"ok sub {channel} @0", $"{channel}#1 e=1", $"{channel}#2 e=2"]);
        }

        writer.Dialect.LastEmitted.Receivers.ShouldBe(2);
        writer.Dialect.LastEmitted.Position.Epoch.Term.ShouldBe(2);
    }

    [Fact]
    public void KilledOwner_WhoseStandbyIsFrozen_IsFollowedOnceThatIsBack_AndNothingIsLost()
    {
        var channel = _cluster.ChannelOf(0);
        var standby = _cluster.StandbyOf(channel);
        var writer = _cluster[3 - standby].Connect();
        writer.Emit(channel, "1");
        _cluster.Pass(TimeSpan.FromMilliseconds(200));
        var since = writer.Dialect.LastEmitted.Position with { Offset = 0 };

        _cluster.Freeze(standby);
        _cluster.Kill(0);
        _cluster.Pass(TimeSpan.FromSeconds(10));
        writer.Emit(channel, "2");
        _cluster.Pass(TimeSpan.FromSeconds(4));
        _cluster.Thaw(standby);
        _cluster.Pass(TimeSpan.FromSeconds(3));
        writer.Emit(channel, "3");
        _cluster.Turn();
        var reader = _cluster[3 - standby].Connect();
        reader.Subscribe(channel, since);
        _cluster.Turn();

        writer.Lines.All[..2].ShouldBe(["ok emit 1 @1", "no emit 2 Unavailable"]);
        writer.Lines.All[2].ShouldBe("ok emit 3 @2");
        reader.Lines.All.ShouldBe([$"ok sub {channel} @2 recovered", $"{channel}#1 e=1", $"{channel}#2 e=3"]);
    }

    [Fact]
    public void StandbyOfTwoNodes_ThatWasSilentForAWhile_IsFilledAgain()
    {
        _cluster.Kill(2);
        _cluster.PassUntil(() => _cluster.IsWhole, "two nodes hold all");
        var channel = _cluster.ChannelOf(0);
        var writer = _cluster[0].Connect();

        _cluster.Freeze(1);
        writer.Emit(channel, "1");
        _cluster.Pass(TimeSpan.FromSeconds(3));
        _cluster.Thaw(1);
        writer.Lines.All.ShouldBe(["ok emit 1 @1"]);   // alone
        _cluster.StandbyOf(channel).ShouldBe(-1);

        _cluster.PassUntil(() => _cluster.StandbyOf(channel) == 1, "it holds the shard again");
        writer.Emit(channel, "2");
        _cluster.Turn();
        writer.Lines.All[^1].ShouldBe("ok emit 2 @2");
        _cluster.Kill(0);
        _cluster.PassUntil(() => _cluster.OwnerOf(channel) == 1, "it has taken the shard");
        _cluster.Pass(TimeSpan.FromSeconds(1));
        var reader = _cluster[1].Connect();
        reader.Subscribe(channel, writer.Dialect.LastEmitted.Position with { Offset = 0 });
        _cluster.Turn();
        reader.Lines.All[0].ShouldBe($"ok sub {channel} @2 recovered");
    }

    [Fact]
    public void FrozenOwner_IsRelievedAsSoonAsItsLeaseEnds()
    {
        _cluster.Pass(TimeSpan.FromSeconds(7));   // who relieves others has had its own lease for so long
        var channel = _cluster.ChannelOf(0);
        var frozenAt = _cluster.Time.GetTimestamp();

        _cluster.Freeze(0);
        _cluster.PassUntil(() => _cluster.OwnerOf(channel) > 0, "another node has relieved it");

        _cluster.Time.GetElapsedTime(frozenAt).ShouldBeLessThan(TimeSpan.FromSeconds(5.2));
    }

    [Fact]
    public void OwnerWhoseLeaseIsLate_AndRenewed_KeepsItsShards()
    {
        _cluster.Pass(TimeSpan.FromSeconds(7));
        var channel = _cluster.ChannelOf(0);

        _cluster.Freeze(0);
        _cluster.Pass(TimeSpan.FromSeconds(3.5));
        _cluster.Thaw(0);
        _cluster.Pass(TimeSpan.FromSeconds(10));

        _cluster.OwnerOf(channel).ShouldBe(0);
        _cluster[0].Node.Shards.Of(new ChannelName("default", channel)).Term.ShouldBe(_cluster[1].Node.Shards.Of(new ChannelName("default", channel)).Term);
    }

    [Fact]
    public async Task BusyLoops_DoNotCostTheLease()
    {
        var node = _cluster[0].Node;

        for (var passed = 0; passed < 10; passed++)
        {
            _cluster.Time.Advance(TimeSpan.FromSeconds(1));
            node.ClusterLoop!.Turn(0);   // its timer, and the renewal
            node.ClusterLoop.Turn(0);    // the answer
        }

        var asker = new NodeRow(Incarnation.New(), "asker", "", Queue: null, 1, NodeState.Joining, IsBusOk: false);
        var renewal = (await _cluster.Authority.RenewAsync(asker, default)).ShouldBeOfType<Answer<Renewal>.Done>().Value;
        renewal.Live.Select(row => row.Incarnation).ShouldContain(node.Self);
        renewal.Live.Select(row => row.Incarnation).ShouldNotContain(_cluster[1].Node.Self);   // that long it was
    }

    [Fact]
    public void SlowBus_OfOneNode_IsNoReasonToGiveItsShardsUp()
    {
        var channel = _cluster.ChannelOf(0);
        var bus = _cluster.BusOf(0);
        _cluster.Exchange.Delay(bus, bus, TimeSpan.FromMilliseconds(900));   // its probes come back, and never in time
        var writer = _cluster[1].Connect();

        _cluster.Pass(TimeSpan.FromSeconds(2));
        writer.Emit(channel, "1");
        _cluster.Pass(TimeSpan.FromSeconds(6));

        _cluster.OwnerOf(channel).ShouldBe(0);
        writer.Lines.All.ShouldBe(["no emit 1 OutcomeUnknown"]);
    }

    [Fact]
    public void KilledOwner_LeavesRoomsOfOtherChannelsAlone()
    {
        var channel = _cluster.ChannelOf(1);
        var reader = _cluster[2].Connect();
        reader.Subscribe(channel);
        var writer = _cluster[2].Connect();
        writer.Emit(channel, "1");
        _cluster.Turn();

        _cluster.Kill(0);
        _cluster.Pass(TimeSpan.FromSeconds(1));
        writer.Emit(channel, "2");
        _cluster.Turn();

        reader.Events.ShouldBe([$"{channel}#1 e=1", $"{channel}#2 e=2"]);
        reader.Lines.All.ShouldNotContain(line => line[0] == '!');
    }

    [Fact]
    public void KilledOwner_LosesNothingThatItWasSent_AndTheRestIsOrderedBehindIt()
    {
        var channel = _cluster.ChannelOf(0);
        var reader = _cluster[2].Connect();
        reader.Subscribe(channel);
        _cluster.Turn();
        var writer = _cluster[1].Connect();

        _cluster.Kill(0);
        writer.Emit(channel, "sent");
        _cluster.Pass(TimeSpan.FromSeconds(1));
        writer.Emit(channel, "later");
        _cluster.Turn();

        writer.Lines.All.ShouldBe(["ok emit sent @1", "ok emit later @2"]);
        reader.Events.ShouldBe([$"{channel}#1 e=sent", $"{channel}#2 e=later"]);
    }

    [Fact]
    public void Emit_WhileNobodyOwnsTheShard_WaitsForAnOwner()
    {
        var channel = _cluster.ChannelOf(0);
        _cluster.Cut(0, 1);
        _cluster.Cut(0, 2);
        var writer = _cluster[1].Connect();
        _cluster.Pass(TimeSpan.FromSeconds(2));
        _cluster[2].Connect().Emit(channel, "0");
        writer.Emit(_cluster.ChannelOf(0, nth: 1), "first");
        _cluster.Pass(TimeSpan.FromSeconds(3));
        writer.Emit(channel, "1");
        _cluster.Kill(0);
        _cluster.Heal(0, 1);
        _cluster.Heal(0, 2);
        _cluster.Pass(TimeSpan.FromSeconds(2));

        writer.Lines.All.ShouldContain(line => line.StartsWith("ok emit 1 @", StringComparison.Ordinal));
    }

    [Fact]
    public void FrozenOwner_WhenItsLeaseHasEnded_IsRelieved_AndFollowsWhenItThaws()
    {
        var channel = _cluster.ChannelOf(0);
        var frozen = _cluster[0].Connect();
        frozen.Subscribe(channel);
        var reader = _cluster[1].Connect();
        reader.Subscribe(channel);
        _cluster.Turn();

        _cluster.Freeze(0);
        _cluster.Pass(TimeSpan.FromSeconds(8));
        _cluster.OwnerOf(channel).ShouldBeOneOf(1, 2);
        var writer = _cluster[2].Connect();
        writer.Emit(channel, "1");
        _cluster.Turn();
        _cluster.Thaw(0);
        _cluster.Pass(TimeSpan.FromSeconds(3));
        writer.Emit(channel, "2");
        _cluster.Pass(TimeSpan.FromSeconds(1));

        reader.Events.ShouldBe([$"{channel}#1 e=1", $"{channel}#2 e=2"]);
        frozen.Events.ShouldBe(reader.Events);
    }

    [Fact]
    public void KilledNode_IsLeftByItsMembersOnceAfterTheGrace()
    {
        var channel = _cluster.ChannelOf(0);
        var readers = new[] { _cluster[0].Connect(), _cluster[2].Connect() };
        readers[0].Subscribe(channel);
        readers[1].Subscribe(channel);
        _cluster[1].Connect().Subscribe(channel, member: "ann");
        _cluster[2].Connect().Subscribe(channel, member: "bob");
        _cluster.Turn();

        _cluster.Kill(1);
        _cluster.Pass(TimeSpan.FromSeconds(2));
        readers.ShouldAllBe(reader => !reader.Lines.All.Contains($"-{channel} ann"));
        _cluster.Pass(TimeSpan.FromSeconds(3));
        readers[0].Presence(channel);
        _cluster.Turn();

        readers.ShouldAllBe(reader => reader.Lines.All.Count(line => line == $"-{channel} ann") == 1);
        readers.ShouldAllBe(reader => !reader.Lines.All.Contains($"-{channel} bob"));
        readers[0].Lines.All[^1].ShouldBe($"presence {channel} None [bob:1] 1 of 3");
    }

    [Fact]
    public void KilledOwner_TakesItsOwnMembersAlong_AndNobodyElseFlickers()
    {
        var channel = _cluster.ChannelOf(0);
        var readers = new[] { _cluster[1].Connect(), _cluster[2].Connect() };
        readers[0].Subscribe(channel);
        readers[1].Subscribe(channel);
        _cluster.Turn();
        _cluster[0].Connect().Subscribe(channel, member: "ann");
        _cluster[1].Connect().Subscribe(channel, member: "bob");
        _cluster[2].Connect().Subscribe(channel, member: "cy");
        _cluster.Turn();

        _cluster.Kill(0);
        _cluster.Pass(TimeSpan.FromSeconds(6));

        readers.ShouldAllBe(reader => Notices(reader).SequenceEqual(new[]
        {
            $"+{channel} ann", $"+{channel} bob", $"+{channel} cy", $"-{channel} ann",
        }));
    }

    [Fact]
    public void JoiningNode_TakesPartAtOnce_AndOwnsNothingYet()
    {
        var channel = _cluster.ChannelOf(0);
        var writer = _cluster[0].Connect();
        writer.Subscribe(channel);
        _cluster.Turn();

        var joined = _cluster.Add();
        _cluster.PassUntil(() => joined.Node.Ready.IsCompleted, "the fourth is ready");
        var reader = joined.Connect();
        reader.Subscribe(channel);
        _cluster.Turn();
        writer.Emit(channel, "1");
        reader.Emit(channel, "2");
        _cluster.Turn();

        joined.Node.Shards.All.ShouldAllBe(shard => !shard.IsOwner);
        reader.Events.ShouldBe(writer.Events);
        reader.Events.Length.ShouldBe(2);
    }

    [Fact]
    public async Task LeavingNode_GivesItsShardsToTheOthers()
    {
        var channel = _cluster.ChannelOf(0);
        var writer = _cluster[1].Connect();

        var left = LeaveAsync();
        _cluster.Pass(TimeSpan.FromSeconds(5));   // it hands over first, and looks who is there
        (await _cluster.TurnUntilAsync(left)).ShouldBeTrue();
        _cluster.Pass(TimeSpan.FromSeconds(2));
        writer.Emit(channel, "1");
        _cluster.Turn();

        _cluster.OwnerOf(channel).ShouldBeOneOf(1, 2);
        writer.Lines.All.ShouldBe(["ok emit 1 @1"]);

        async Task<bool> LeaveAsync()
        {
            await _cluster[0].Node.LeaveAsync();
            return true;
        }
    }

    public void Dispose() => _cluster.Dispose();

    private static string[] Notices(TestClient client) =>
        [.. client.Lines.All.Where(line => line[0] is '+' or '-')];
}
