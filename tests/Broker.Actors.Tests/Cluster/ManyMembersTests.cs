using Broker.Actors.Cluster;
using Broker.Actors.Shards;
using Broker.Messages;
using Broker.TestKit.Cluster;
using Broker.TestKit.Nodes;

namespace Broker.Actors.Tests.Cluster;

/// <summary>Members so many that rooms which know them are told digests.</summary>
public sealed class ManyMembersTests : IDisposable
{
    private readonly InProcessCluster _cluster = new(
        options: new LocalNodeOptions { Shards = InProcessCluster.Shards, Loops = 2, Shard = new ShardOptions { MembersToldWhole = 3 } }, linkBytes: 60_000);

    [Fact]
    public async Task Owner_WhenItMoves_IsNoticedByNobody()
    {
        var channel = _cluster.ChannelOf(0);
        var (readers, members) = Fill(channel);

        var moved = await _cluster.PassUntilAsync(_cluster[0].Node.MoveAsync(_cluster[0].Node.Shards.Of(new ChannelName("default", channel)).Id, _cluster[1].Node.Self));
        _cluster.Pass(TimeSpan.FromSeconds(5));
        members[4].Leave(clean: true);
        _cluster.Turn();

        moved.ShouldBe(OrderOutcome.Done);
        readers.ShouldAllBe(reader => Notices(reader).SequenceEqual(new[] { $"-{channel} u4" }));
        ShouldTell(channel, 29);
    }

    [Fact]
    public void Owner_WhenItIsKilled_TakesItsMembersAlong()
    {
        var channel = _cluster.ChannelOf(0);
        var (readers, _) = Fill(channel);

        _cluster.Kill(0);
        _cluster.Pass(TimeSpan.FromSeconds(8));

        var gone = Enumerable.Range(0, 10).Select(user => $"-{channel} u{3 * user}").Order(StringComparer.Ordinal);
        readers[1..].ShouldAllBe(reader => Notices(reader).Order(StringComparer.Ordinal).SequenceEqual(gone));
        ShouldTell(channel, 20);
    }

    /// <summary>Two rooms miss what is said while the links to them are cut, and overflow: they ask for just that.</summary>
    [Fact]
    public void Room_WhenItsLinkWasReset_TellsWhatItMissed()
    {
        var (channel, noise) = (_cluster.ChannelOf(0), _cluster.ChannelOf(0, nth: 1));
        var (readers, members) = Fill(channel);
        var writer = _cluster[0].Connect();
        _cluster[1].Connect().Subscribe(noise);
        _cluster.Turn();

        _cluster.Cut(0, 1);
        members[0].Leave(clean: true);
        Enter(0, channel, "late");
        for (var i = 0; i < 20; i++)
        {
            writer.Emit(noise, new string('x', 5_000));
            _cluster.Turn();
        }

        _cluster.Pass(TimeSpan.FromSeconds(2));
        Notices(readers[1]).ShouldBeEmpty();
        _cluster.Heal(0, 1);
        _cluster.Pass(TimeSpan.FromSeconds(3));

        _cluster[0].Node.Counters.LinkResets.Value.ShouldBeGreaterThan(0);
        readers.ShouldAllBe(reader => Notices(reader).Order(StringComparer.Ordinal).SequenceEqual(new[] { $"+{channel} late", $"-{channel} u0" }));
        ShouldTell(channel, 30);
    }

    /// <summary>What a room was told of members is void where the owner has none: it must hear so.</summary>
    [Fact]
    public void LastMember_WhoGoesWhileTheLinkIsReset_IsToldToHaveLeft()
    {
        var channel = _cluster.ChannelOf(0);
        var noise = _cluster.ChannelOf(0, 1);
        var writer = _cluster[0].Connect();
        var member = Enter(0, channel, "u");
        var reader = _cluster[1].Connect();
        reader.Subscribe(channel);
        reader.Subscribe(noise);
        _cluster.Turn();
        reader.Lines.Clear();

        _cluster.Cut(0, 1);
        member.Leave(clean: true);
        for (var i = 0; i < 20; i++)
        {
            writer.Emit(noise, new string('x', 5_000));
            _cluster.Turn();
        }

        _cluster.Pass(TimeSpan.FromSeconds(2));
        _cluster.Heal(0, 1);
        _cluster.Pass(TimeSpan.FromSeconds(3));

        _cluster[0].Node.Counters.LinkResets.Value.ShouldBeGreaterThan(0);
        Notices(reader).ShouldBe([$"-{channel} u"]);
    }

    /// <summary>Who asks a new owner waits until those who live have said whom they have.</summary>
    [Fact]
    public void Presence_AskedOfANewOwner_IsNotOfThoseAloneWhoHaveSpoken()
    {
        var channel = _cluster.ChannelOf(0);
        Enter(2, channel, "far");
        var asker = _cluster[1].Connect();
        _cluster.Turn();
        _cluster.Exchange.Delay(_cluster.BusOf(2), _cluster.BusOf(1), TimeSpan.FromMilliseconds(300));   // so it is told late

        var shard = _cluster[0].Node.Shards.Of(new ChannelName("default", channel));
        shard.Move(new PortMessage.Move(shard.Id, _cluster[1].Node.Self));
        _cluster.PassUntil(() => _cluster.OwnerOf(channel) == 1, "the shard has moved");
        asker.Presence(channel);
        _cluster.Turn();
        asker.Lines.All.ShouldBeEmpty();

        _cluster.Pass(TimeSpan.FromSeconds(1));
        asker.Lines.All.ShouldBe([$"presence {channel} None [far:1] 1 of 1"]);
    }

    /// <summary>A room that is new to the owner knows nobody, whatever its first subscriber says to have seen.</summary>
    [Fact]
    public void NewRoom_WithASubscriberWhoGoesOn_LearnsAll()
    {
        var channel = _cluster.ChannelOf(0);
        var members = Enumerable.Range(0, 10).Select(user => Enter(0, channel, $"u{user}")).ToArray();
        members[0].Emit(channel, "1");
        _cluster.Turn();
        var reader = _cluster[1].Connect();
        reader.Subscribe(channel, members[0].Dialect.LastEmitted.Position);
        _cluster.Turn();
        reader.Lines.Clear();

        _cluster.Kill(0);
        _cluster.Pass(TimeSpan.FromSeconds(8));

        Notices(reader).Order(StringComparer.Ordinal).ShouldBe(Enumerable.Range(0, 10).Select(user => $"-{channel} u{user}"));
    }

    /// <summary>The question for the members is lost, and with it what the list would have differed by.</summary>
    [Fact]
    public void Room_ThatNeverLearntWhoIsHere_TellsThatOneIsBackWhoWasToldToHaveLeft()
    {
        var channel = _cluster.ChannelOf(0);
        var next = _cluster.StandbyOf(channel);
        var members = Enumerable.Range(0, 5).Select(user => Enter(3 - next, channel, $"u{user}")).ToArray();
        members[0].Emit(channel, "1");   // from here on the standby has a copy, and may know who is here
        _cluster.Pass(TimeSpan.FromSeconds(1));
        var reader = _cluster[next].Connect();
        _cluster.Exchange.Delay(_cluster.BusOf(0), _cluster.BusOf(next), TimeSpan.FromMilliseconds(200));
        reader.Subscribe(channel);
        _cluster.Turn();
        _cluster.CutOneWay(next, 0);
        _cluster.Pass(TimeSpan.FromMilliseconds(300));

        members[0].Leave(clean: true);
        _cluster.Pass(TimeSpan.FromMilliseconds(300));
        Notices(reader).ShouldBe([$"-{channel} u0"]);
        _cluster.Kill(0);
        Enter(3 - next, channel, "u0");
        _cluster.Pass(TimeSpan.FromSeconds(6));

        Notices(reader).ShouldBe([$"-{channel} u0", $"+{channel} u0"]);
    }

    public void Dispose() => _cluster.Dispose();

    /// <summary>Thirty members over three nodes, user by user, and a reader on each, who has seen them all come.</summary>
    private (TestClient[] Readers, TestClient[] Members) Fill(string channel)
    {
        var readers = _cluster.Nodes.Select(node => node.Connect()).ToArray();
        foreach (var reader in readers)
        {
            reader.Subscribe(channel);
        }

        _cluster.Turn();
        var members = Enumerable.Range(0, 30).Select(user => Enter(user % 3, channel, $"u{user}")).ToArray();
        _cluster.Turn();
        foreach (var reader in readers)
        {
            Notices(reader).Length.ShouldBe(30);
            reader.Lines.Clear();
        }

        return (readers, members);
    }

    private TestClient Enter(int node, string channel, string user)
    {
        var client = _cluster[node].Connect();
        client.Subscribe(channel, member: user);
        _cluster.Turn();
        return client;
    }

    private void ShouldTell(string channel, int members)
    {
        var client = _cluster[1].Connect();
        client.Presence(channel);
        _cluster.Turn();
        client.Dialect.LastPresence!.Members.Count.ShouldBe(members);
    }

    private static string[] Notices(TestClient client) => [.. client.Lines.All.Where(line => line[0] is '+' or '-')];
}
