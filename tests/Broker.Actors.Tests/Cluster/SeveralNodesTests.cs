using Broker.Actors.Queries;
using Broker.Messages;
using Broker.TestKit.Cluster;
using Broker.TestKit.Nodes;

namespace Broker.Actors.Tests.Cluster;

public sealed class SeveralNodesTests : IDisposable
{
    private readonly InProcessCluster _cluster = new(nodes: 3);

    [Fact]
    public void Start_OfThree_GivesEachShardOneOwnerThatAllKnow()
    {
        for (var shard = 0; shard < InProcessCluster.Shards; shard++)
        {
            var known = _cluster.Nodes.Select(node => node.Node.Shards.All[shard]).ToArray();
            known.Count(one => one.IsOwner).ShouldBe(1);
            known.Select(one => (one.Owner, one.Term)).Distinct().Count().ShouldBe(1);
        }

        _cluster.Nodes.ShouldAllBe(node => node.Node.Shards.All.Any(shard => shard.IsOwner));
    }

    [Fact]
    public void Emit_FromEveryNode_ReachesSubscribersOfEveryNodeOnceInOneOrder()
    {
        var channels = Enumerable.Range(0, 3).Select(node => _cluster.ChannelOf(node)).ToArray();
        var clients = _cluster.Nodes.SelectMany(node => new[] { node.Connect(0), node.Connect(1) }).ToArray();
        foreach (var client in clients)
        {
            foreach (var channel in channels)
            {
                client.Subscribe(channel);
            }
        }

        _cluster.Turn();
        var random = new Random(5);
        for (var i = 0; i < 300; i++)
        {
            clients[random.Next(clients.Length)].Emit(channels[random.Next(3)], $"{i}");
            if (random.Next(4) == 0)
            {
                _cluster.Pass(TimeSpan.FromMilliseconds(50));
            }
        }

        _cluster.Pass(TimeSpan.FromSeconds(1));

        foreach (var channel in channels)
        {
            var seen = clients.Select(client => client.Events.Where(line => line.StartsWith(channel + "#", StringComparison.Ordinal)).ToArray()).ToArray();
            seen[0].Select(line => line.Split(' ')[0]).ShouldBe(Enumerable.Range(1, seen[0].Length).Select(offset => $"{channel}#{offset}"));
            seen.ShouldAllBe(lines => lines.SequenceEqual(seen[0]));
        }

        clients[0].Events.Length.ShouldBe(300);
        clients.Sum(client => client.Lines.All.Count(line => line.StartsWith("ok emit", StringComparison.Ordinal))).ShouldBe(300);
    }

    [Fact]
    public void Emit_FromOneSession_KeepsItsOrder()
    {
        var channel = _cluster.ChannelOf(0);
        var reader = _cluster[1].Connect();
        var writer = _cluster[2].Connect();
        reader.Subscribe(channel);
        _cluster.Turn();

        for (var i = 0; i < 100; i++)
        {
            writer.Emit(channel, $"{i}");
        }

        _cluster.Turn();

        reader.Events.ShouldBe(Enumerable.Range(0, 100).Select(i => $"{channel}#{i + 1} e={i}"));
    }

    [Fact]
    public void Emit_WithoutEcho_DoesNotComeBackToAnEmitterOnAnotherNode()
    {
        var channel = _cluster.ChannelOf(0);
        var (one, other) = (_cluster[1].Connect(), _cluster[2].Connect());
        one.Subscribe(channel);
        other.Subscribe(channel);
        _cluster.Turn();

        one.Emit(channel, "1", echo: false);
        _cluster.Turn();

        one.Events.ShouldBeEmpty();
        other.Events.ShouldBe([$"{channel}#1 e=1"]);
        one.Dialect.LastEmitted.Receivers.ShouldBe(1);
    }

    [Fact]
    public void Emit_IsAnsweredWithTheReceiversOfAllNodes()
    {
        var channel = _cluster.ChannelOf(0);
        foreach (var node in _cluster.Nodes)
        {
            node.Connect(0).Subscribe(channel);
            node.Connect(1).Subscribe(channel);
        }

        _cluster.Turn();
        var writer = _cluster[1].Connect();
        writer.Emit(channel, "1");
        _cluster.Turn();

        writer.Dialect.LastEmitted.Receivers.ShouldBe(6);
    }

    [Fact]
    public void Unsubscribe_OfTheLast_EndsTheNodesInterest()
    {
        var channel = _cluster.ChannelOf(0);
        var reader = _cluster[1].Connect();
        reader.Subscribe(channel);
        _cluster.Turn();
        var owned = _cluster[0].Node.Shards.Of(new ChannelName("default", channel));
        owned.Channels.Single().IsInterested(_cluster[1].Node.Self).ShouldBeTrue();

        reader.Unsubscribe(channel);
        _cluster.Pass(TimeSpan.FromSeconds(6));

        owned.Channels.Single().IsInterested(_cluster[1].Node.Self).ShouldBeFalse();
    }

    [Fact]
    public void Subscribe_SinceAPosition_RecoversOnAnyNode()
    {
        var channel = _cluster.ChannelOf(0);
        var writer = _cluster[0].Connect();
        for (var i = 1; i <= 10; i++)
        {
            writer.Emit(channel, $"{i}");
        }

        _cluster.Turn();
        var since = writer.Dialect.LastEmitted.Position with { Offset = 4 };
        var (first, later) = (_cluster[1].Connect(), _cluster[1].Connect());
        first.Subscribe(channel, since with { Offset = 7 });
        _cluster.Turn();
        later.Subscribe(channel, since);
        _cluster.Turn();

        first.Lines.All.ShouldBe([$"ok sub {channel} @10 recovered", .. Lines(8, 10)]);
        later.Lines.All.ShouldBe([$"ok sub {channel} @10 recovered", .. Lines(5, 10)]);

        IEnumerable<string> Lines(int from, int to) => Enumerable.Range(from, to - from + 1).Select(i => $"{channel}#{i} e={i}");
    }

    [Fact]
    public void Subscribe_SinceAPositionOfAnotherLife_IsToldSo()
    {
        var channel = _cluster.ChannelOf(0);
        var reader = _cluster[1].Connect();

        reader.Subscribe(channel, new Position(new Epoch(77, 1), 3));
        _cluster.Turn();

        reader.Lines.All.ShouldBe([$"ok sub {channel} @0"]);
    }

    [Fact]
    public void History_AskedOnAnyNode_IsTheOwners()
    {
        var channel = _cluster.ChannelOf(0);
        var client = _cluster[1].Connect();
        for (var i = 1; i <= 5; i++)
        {
            client.Emit(channel, $"{i}");
        }

        client.History(channel, limit: 3, backward: true);
        _cluster.Turn();

        client.Lines.All.ShouldContain($"history {channel} None @5 [5 4 3]");
    }

    [Fact]
    public void History_LargerThanASlice_ComesWhole()
    {
        var channel = _cluster.ChannelOf(0);
        var client = _cluster[1].Connect();
        var large = new string('x', 30_000);
        for (var i = 1; i <= 8; i++)
        {
            client.Emit(channel, large);
        }

        client.History(channel);
        _cluster.Turn();

        client.Dialect.LastHistory!.Events.Count.ShouldBe(8);
    }

    [Fact]
    public void Join_OnOneNode_IsToldOnAllOnce()
    {
        var channel = _cluster.ChannelOf(0);
        var readers = _cluster.Nodes.Select(node => node.Connect()).ToArray();
        foreach (var reader in readers)
        {
            reader.Subscribe(channel);
        }

        _cluster.Turn();
        var (ann, again) = (_cluster[1].Connect(), _cluster[2].Connect());
        ann.Subscribe(channel, member: "ann");
        again.Subscribe(channel, member: "ann");
        _cluster.Turn();
        readers[2].Presence(channel);
        _cluster.Turn();
        readers[2].Lines.All[^1].ShouldBe($"presence {channel} None [ann:2] 2 of 5");

        ann.Unsubscribe(channel);
        _cluster.Turn();
        again.Leave(clean: false);
        _cluster.Pass(TimeSpan.FromSeconds(2));
        readers.ShouldAllBe(reader => !reader.Lines.All.Contains($"-{channel} ann"));
        _cluster.Pass(TimeSpan.FromSeconds(2));

        readers.ShouldAllBe(reader => Notices(reader).SequenceEqual(new[] { $"+{channel} ann", $"-{channel} ann" }));
    }

    [Fact]
    public void LostMember_WhenTheUserIsBackOnAnotherNode_StaysHere()
    {
        var channel = _cluster.ChannelOf(0);
        var reader = _cluster[0].Connect();
        reader.Subscribe(channel);
        var ann = _cluster[1].Connect();
        ann.Subscribe(channel, member: "ann");
        _cluster.Turn();

        ann.Leave(clean: false);
        _cluster.Pass(TimeSpan.FromSeconds(1));
        _cluster[2].Connect().Subscribe(channel, member: "ann");
        _cluster.Pass(TimeSpan.FromSeconds(5));

        Notices(reader).ShouldBe([$"+{channel} ann"]);
    }

    [Fact]
    public async Task Ask_SumsOverAllNodes()
    {
        foreach (var node in _cluster.Nodes)
        {
            node.Connect(0).Subscribe("asked");
            node.Connect(1).Subscribe("asked");
        }

        _cluster.Turn();

        var answer = await _cluster.TurnUntilAsync(
            _cluster[1].Node.Ingress.AskAsync(new Actors.Rights.Identity.Backend("tests"), new NodeQuery.Broadcast("default", "1"u8.ToArray(), OncePerClient: false)));
        var names = await _cluster.TurnUntilAsync(_cluster[2].Node.Ingress.AskAsync(new Actors.Rights.Identity.Backend("tests"), new NodeQuery.Channels("default")));

        answer.ShouldBe(new NodeAnswer.Delivered(6, IsPartial: false));
        names.ShouldBeOfType<NodeAnswer.ChannelNames>().Names.ShouldBe(["asked"]);
        names.IsPartial.ShouldBeFalse();
    }

    [Fact]
    public async Task Ask_WhenANodeDoesNotAnswer_IsPartial()
    {
        foreach (var node in _cluster.Nodes)
        {
            node.Connect(0).Subscribe("asked");
        }

        _cluster.Turn();
        _cluster.Cut(0, 1);

        var answer = await _cluster.PassUntilAsync(
            _cluster[1].Node.Ingress.AskAsync(new Actors.Rights.Identity.Backend("tests"), new NodeQuery.Broadcast("default", "1"u8.ToArray(), OncePerClient: false)));

        answer.ShouldBeOfType<NodeAnswer.Delivered>().Copies.ShouldBeInRange(1, 2);   // its own, and whoever was in time
        answer.IsPartial.ShouldBeTrue();
    }

    public void Dispose() => _cluster.Dispose();

    private static string[] Notices(TestClient client) =>
        [.. client.Lines.All.Where(line => line[0] is '+' or '-')];
}
