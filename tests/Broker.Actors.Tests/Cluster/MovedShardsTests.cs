using Broker.Actors.Cluster;
using Broker.Messages;
using Broker.TestKit.Cluster;
using Broker.TestKit.Nodes;

namespace Broker.Actors.Tests.Cluster;

/// <summary>Shards that go from node to node while everybody lives, and what their channels' clients see of it.</summary>
public sealed class MovedShardsTests : IDisposable
{
    private readonly InProcessCluster _cluster = new(nodes: 3);

    [Fact]
    public void KilledOwner_LosesNoAcknowledgedEvent_AndClientsRecoverAcrossIt()
    {
        var channel = _cluster.ChannelOf(0);
        var writer = _cluster[1].Connect();
        for (var i = 1; i <= 10; i++)
        {
            writer.Emit(channel, $"{i}");
        }

        _cluster.Pass(TimeSpan.FromMilliseconds(200));
        var since = writer.Dialect.LastEmitted.Position;
        writer.Lines.All.ShouldBe(Enumerable.Range(1, 10).Select(i => $"ok emit {i} @{i}"));
        _cluster.Kill(0);
        _cluster.Pass(TimeSpan.FromSeconds(2));
        writer.Emit(channel, "11");
        _cluster.Pass(TimeSpan.FromSeconds(1));
        var reader = _cluster[2].Connect();
        reader.Subscribe(channel, since with { Offset = 3 });
        _cluster.Turn();

        reader.Lines.All.ShouldBe([$"ok sub {channel} @11 recovered", .. Enumerable.Range(4, 8).Select(i => $"{channel}#{i} e={i}")]);
    }

    [Fact]
    public void KilledOwner_AndThenTheNext_LosesNothingOnceAnotherHolderIsThere()
    {
        var channel = _cluster.ChannelOf(0);
        var writer = _cluster[2].Connect();
        writer.Emit(channel, "1");
        _cluster.Turn();
        var since = writer.Dialect.LastEmitted.Position;

        _cluster.Kill(0);
        _cluster.PassUntil(() => _cluster.IsWhole, "the second owner has a standby");
        var next = _cluster.OwnerOf(channel);
        _cluster.Add();
        _cluster.PassUntil(() => _cluster.IsWhole, "the fourth is in");
        next = _cluster.OwnerOf(channel);
        _cluster.Kill(next);
        _cluster.PassUntil(() => _cluster.OwnerOf(channel) >= 0 && _cluster.IsWhole, "the third owner has a standby");
        var reader = _cluster[_cluster.OwnerOf(channel)].Connect();
        reader.Subscribe(channel, since with { Offset = 0 });
        _cluster.Turn();

        reader.Lines.All.ShouldBe([$"ok sub {channel} @1 recovered", $"{channel}#1 e=1"]);
    }

    [Fact]
    public void JoiningNode_GetsItsShards_AndNobodyNotices()
    {
        var channels = Enumerable.Range(0, 30).Select(number => $"c{number}").ToArray();
        var readers = channels.Select((channel, i) => Reader(i % 3, channel)).ToArray();
        var writer = _cluster[1].Connect();
        _cluster.Turn();

        var joined = _cluster.Add();
        for (var round = 1; round <= 60; round++)
        {
            foreach (var channel in channels)
            {
                writer.Emit(channel, $"{round}", call: $"{channel}/{round}");
            }

            _cluster.Pass(TimeSpan.FromMilliseconds(100));
        }

        _cluster.PassUntil(() => _cluster.IsWhole, "all have moved");
        joined.Node.Shards.All.Count(shard => shard.IsOwner).ShouldBeGreaterThan(3);
        ShouldHaveAll(readers, channels, rounds: 60);
        writer.Lines.All.ShouldAllBe(line => line.StartsWith("ok emit", StringComparison.Ordinal));
        writer.Lines.All.Length.ShouldBe(30 * 60);
    }

    [Fact]
    public async Task LeavingNode_HandsOverItsShards_AndNobodyNotices()
    {
        var channels = Enumerable.Range(0, 30).Select(number => $"c{number}").ToArray();
        var readers = channels.Select((channel, i) => Reader(1 + (i % 2), channel)).ToArray();
        _cluster.Turn();
        var members = channels.Select(channel => Reader(2, channel, member: "ann")).ToArray();
        var writer = _cluster[1].Connect();
        _cluster.Turn();

        var left = HandOverAsync();
        for (var round = 1; round <= 20; round++)
        {
            foreach (var channel in channels)
            {
                writer.Emit(channel, $"{round}", call: $"{channel}/{round}");
            }

            _cluster.Pass(TimeSpan.FromMilliseconds(50));
        }

        (await _cluster.PassUntilAsync(left)).ShouldBeTrue();
        _cluster.Pass(TimeSpan.FromSeconds(5));

        _cluster[0].Node.Shards.All.ShouldAllBe(shard => !shard.IsOwner);
        ShouldHaveAll(readers, channels, rounds: 20);
        foreach (var client in readers.Concat(members))
        {
            client.Lines.All.ShouldNotContain(line => line[0] == '-');
        }

        readers.ShouldAllBe(reader => reader.Lines.All.Count(line => line[0] == '+') == 1);
        writer.Lines.All.ShouldAllBe(line => line.StartsWith("ok emit", StringComparison.Ordinal));

        async Task<bool> HandOverAsync()
        {
            await _cluster[0].Node.HandOverAsync();
            return true;
        }
    }

    [Fact]
    public void FrozenStandby_IsReplaced_AndEmitsAreAnswered()
    {
        var channel = _cluster.ChannelOf(0);
        var standby = _cluster.StandbyOf(channel);
        var writer = _cluster[0].Connect();
        writer.Emit(channel, "1");
        _cluster.Turn();

        _cluster.Freeze(standby);
        writer.Emit(channel, "2");
        _cluster.Pass(TimeSpan.FromSeconds(2));

        writer.Lines.All.ShouldBe(["ok emit 1 @1", "ok emit 2 @2"]);
        _cluster.StandbyOf(channel).ShouldBe(3 - standby);
    }

    [Fact]
    public void Emit_WhenTheStandbyDoesNotHoldIt_IsNotAnswered()
    {
        var channel = _cluster.ChannelOf(0);
        var writer = _cluster[0].Connect();
        writer.Subscribe(channel);
        _cluster.Turn();
        _cluster.Cut(0, 1);
        _cluster.Cut(0, 2);

        writer.Emit(channel, "1");
        _cluster.Turn();

        writer.Lines.All.ShouldBe([$"ok sub {channel} @0", $"{channel}#1 e=1"]);
    }

    [Fact]
    public void Owner_WhoseBusIsStale_OrdersNothing_AndTellsAfterThreeSeconds()
    {
        var channel = _cluster.ChannelOf(0);
        var writer = _cluster[0].Connect();
        writer.Subscribe(channel);
        _cluster.Turn();

        _cluster.Exchange.CutOneWay(_cluster.BusOf(0), _cluster.BusOf(0));
        _cluster.Pass(TimeSpan.FromMilliseconds(500));
        writer.Emit(channel, "1");
        _cluster.Pass(TimeSpan.FromSeconds(2));
        writer.Lines.All.ShouldBe([$"ok sub {channel} @0"]);
        _cluster.Pass(TimeSpan.FromSeconds(2));

        writer.Lines.All[^1].ShouldBe("no emit 1 Unavailable");
    }

    [Fact]
    public void Owner_CutFromTheBusOnly_GivesItsShardsUp_WhileItsLeaseRuns()
    {
        var channel = _cluster.ChannelOf(0);
        _cluster.Exchange.Disconnect(_cluster.BusOf(0));

        _cluster.Pass(TimeSpan.FromSeconds(5));
        var writer = _cluster[1].Connect();
        writer.Emit(channel, "1");
        _cluster.Turn();

        _cluster[0].Node.Shards.All.ShouldAllBe(shard => !shard.IsOwner);
        writer.Lines.All.ShouldBe(["ok emit 1 @1"]);
    }

    [Fact]
    public void FrozenOwner_ThatThaws_SendsNothingThatOthersTake_AndFollows()
    {
        var channel = _cluster.ChannelOf(0);
        var local = Reader(0, channel);
        var other = Reader(1, channel);
        var frozen = _cluster[0].Connect();
        _cluster.Turn();

        _cluster.Freeze(0);
        frozen.Emit(channel, "late");   // in its socket when it thaws
        _cluster.PassUntil(() => _cluster.OwnerOf(channel) > 0, "another node has relieved it");
        _cluster[1].Connect().Emit(channel, "1");
        _cluster.Turn();
        _cluster.Thaw(0);
        _cluster.Pass(TimeSpan.FromSeconds(2));

        other.Events[0].ShouldBe($"{channel}#1 e=1");
        local.Events.ShouldBe(other.Events);
        other.Events.Count(line => line.EndsWith("e=late", StringComparison.Ordinal)).ShouldBeLessThan(2);
    }

    /// <summary>The standby falls silent, another is filled, and the shard moves to the silent one: that is released no more.</summary>
    [Fact]
    public async Task Receiver_WhenAnotherHasTakenItsPlaceAsStandby_IsHandedOverWhatItHolds()
    {
        var channel = _cluster.ChannelOf(0);
        var shard = _cluster[0].Node.Shards.Of(new ChannelName("default", channel));
        var receiver = _cluster.StandbyOf(channel);
        var other = 3 - receiver;
        var writer = _cluster[0].Connect();
        writer.Emit(channel, "1");
        _cluster.Pass(TimeSpan.FromMilliseconds(200));
        var since = writer.Dialect.LastEmitted.Position with { Offset = 0 };

        _cluster.CutOneWay(0, receiver);
        _cluster.Exchange.Delay(_cluster.BusOf(other), _cluster.BusOf(0), TimeSpan.FromMilliseconds(300));
        writer.Emit(channel, "2");
        _cluster.Pass(TimeSpan.FromMilliseconds(650));
        shard.Holders.Standby.ShouldBe(_cluster[receiver].Node.Self);   // the other says only now that it is filled
        var moved = _cluster[0].Node.MoveAsync(shard.Id, _cluster[receiver].Node.Self);
        _cluster.Pass(TimeSpan.FromMilliseconds(500));
        shard.Holders.Standby.ShouldBe(_cluster[other].Node.Self);
        _cluster.Heal(0, receiver);

        (await _cluster.PassUntilAsync(moved)).ShouldBe(OrderOutcome.Done);
        var reader = _cluster[receiver].Connect();
        reader.Subscribe(channel, since);
        _cluster.Turn();
        reader.Lines.All.ShouldBe([$"ok sub {channel} @2 recovered", $"{channel}#1 e=1", $"{channel}#2 e=2"]);
    }

    [Fact]
    public async Task Newcomer_WhoseProbesDoNotComeBack_IsGivenNothing_UntilTheyDo()
    {
        var newcomer = _cluster.Add().Node.Self;
        NodeRow? row = null;
        for (var looked = 0; row is not { State: NodeState.Up, IsBusOk: true } && looked < 100; looked++)
        {
            _cluster.Pass(TimeSpan.FromMilliseconds(100));
            row = (await _cluster.TurnUntilAsync(_cluster[0].Node.LookAsync())).Live.FirstOrDefault(live => live.Incarnation == newcomer);
        }

        row.ShouldNotBeNull().State.ShouldBe(NodeState.Up);
        _cluster.CutOneWay(3, 3);
        _cluster.Pass(TimeSpan.FromSeconds(8));   // what it was given before has come back
        var before = await TermsAsync();
        _cluster.Pass(TimeSpan.FromSeconds(20));
        (await TermsAsync()).ShouldBe(before);   // nobody has even tried

        _cluster.Heal(3, 3);
        _cluster.PassUntil(() => _cluster[3].Node.Shards.All.Any(shard => shard.IsOwner), "it owns shards");

        async Task<long[]> TermsAsync() => [.. (await _cluster.TurnUntilAsync(_cluster[0].Node.LookAsync())).Shards.Select(shard => shard.Term)];
    }

    public void Dispose() => _cluster.Dispose();

    private TestClient Reader(int node, string channel, string? member = null)
    {
        var client = _cluster[node].Connect();
        client.Subscribe(channel, member: member);
        return client;
    }

    private static void ShouldHaveAll(TestClient[] readers, string[] channels, int rounds)
    {
        for (var i = 0; i < readers.Length; i++)
        {
            readers[i].Events.ShouldBe(Enumerable.Range(1, rounds).Select(round => $"{channels[i]}#{round} e={round}"));
            readers[i].Lines.All.ShouldNotContain(line => line[0] == '!');
        }
    }
}
