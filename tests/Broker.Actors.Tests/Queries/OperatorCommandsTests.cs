using Broker.Actors.Queries;
using Broker.Actors.Rights;
using Broker.Actors.Sessions;
using Broker.Messages;
using Broker.TestKit.Cluster;
using Broker.TestKit.Nodes;

namespace Broker.Actors.Tests.Queries;

/// <summary>What an operator does to sessions, from any node.</summary>
public sealed class OperatorCommandsTests : IDisposable
{
    private readonly InProcessCluster _cluster = new();

    [Fact]
    public async Task Disconnect_ClosesEverySessionOfTheUserOnEveryNode()
    {
        var anns = _cluster.Nodes.SelectMany(node => new[] { Connect(node, 0, "ann"), Connect(node, 1, "ann") }).ToArray();
        var others = new[] { Connect(_cluster[0], 0, "bob"), Connect(_cluster[1], 0, user: null), Connect(_cluster[2], 0, "ann", app: "other") };
        var reason = Disconnect.SentAway with { Reason = "banned" };
        _cluster.Turn();

        var answer = await AskAsync(new NodeQuery.Disconnect("default", "ann", reason));

        answer.ShouldBe(new NodeAnswer.Ended(anns.Length, IsPartial: false));
        anns.ShouldAllBe(ann => ann.Transport.Reason == reason);
        others.ShouldAllBe(other => other.Transport.Reason == null);
    }

    [Fact]
    public async Task Unsubscribe_EndsTheUsersSubscriptionsOfThatChannel()
    {
        var ann = Connect(_cluster[0], 0, "ann");
        var annElsewhere = Connect(_cluster[2], 1, "ann");
        var bob = Connect(_cluster[2], 0, "bob");
        foreach (var client in new[] { ann, annElsewhere, bob })
        {
            client.Subscribe("room");
            client.Subscribe("lobby");
        }

        _cluster.Turn();

        var answer = await AskAsync(new NodeQuery.Unsubscribe("default", "room", "ann"));
        bob.Emit("room", "1");
        bob.Emit("lobby", "2");
        _cluster.Turn();

        answer.ShouldBe(new NodeAnswer.Ended(2, IsPartial: false));
        ann.Events.ShouldBe(["lobby#1 e=2"]);
        annElsewhere.Events.ShouldBe(["lobby#1 e=2"]);
        bob.Events.ShouldBe(["room#1 e=1", "lobby#1 e=2"], ignoreOrder: true);   // two channels have no order between them
        ann.Transport.Reason.ShouldBeNull();
        (await AskAsync(new NodeQuery.Unsubscribe("default", "room", "ann"))).ShouldBe(new NodeAnswer.Ended(0, IsPartial: false));
    }

    [Fact]
    public async Task Counts_SumOverNodesAndGoByThePattern()
    {
        foreach (var node in _cluster.Nodes)
        {
            Connect(node, 0, "ann").Subscribe("room 1");
            Connect(node, 1, "ann").Subscribe("room 1");
        }

        Connect(_cluster[1], 0, "ann").Subscribe("room-2");
        Connect(_cluster[1], 0, "ann").Subscribe("lobby");
        _cluster.Turn();

        var answer = (await AskAsync(new NodeQuery.Counts("default", "room*"))).ShouldBeOfType<NodeAnswer.ChannelCounts>();

        answer.IsPartial.ShouldBeFalse();
        answer.Subscribers.OrderBy(channel => channel.Key, StringComparer.Ordinal).ShouldBe([new("room 1", 6), new("room-2", 1)]);
    }

    public void Dispose() => _cluster.Dispose();

    private Task<NodeAnswer> AskAsync(NodeQuery query) =>
        _cluster.TurnUntilAsync(_cluster[1].Node.Ingress.AskAsync(new Identity.Backend("tests"), query));

    private static TestClient Connect(TestNode node, int loop, string? user, string app = "default")
    {
        var client = node.Connect(loop, app: app);
        client.Do(session => session.Identify(app, user is null ? Identity.Anonymous.Instance : new Identity.User(user)).ShouldBe(Refusal.None));
        return client;
    }
}
