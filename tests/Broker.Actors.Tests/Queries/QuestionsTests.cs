using Broker.Actors.Queries;
using Broker.Messages;
using Broker.TestKit.Nodes;

namespace Broker.Actors.Tests.Queries;

public class QuestionsTests
{
    [Fact]
    public async Task Ask_OnSeveralLoops_PutsTheAnswersTogether()
    {
        using var node = TestNode.Turned(loops: 3);
        var clients = Enumerable.Range(0, 6).Select(i => node.Connect(i % 3)).ToArray();
        foreach (var client in clients)
        {
            client.Subscribe("all");
        }

        clients[0].Subscribe("one");
        clients[5].Subscribe("two");
        var stranger = node.Connect(app: "other");
        stranger.Subscribe("all");
        node.Turn();

        (await Ask(new NodeQuery.Channels("default"))).ShouldBeOfType<NodeAnswer.ChannelNames>()
            .Names.ShouldBe(["all", "one", "two"], ignoreOrder: true);
        (await Ask(new NodeQuery.Subscribers("default", "all"))).ShouldBeOfType<NodeAnswer.Addresses>().Remotes.Count.ShouldBe(6);
        (await Ask(new NodeQuery.Subscribers("default", Channel: null))).ShouldBeOfType<NodeAnswer.Addresses>().Remotes.Count.ShouldBe(8);
        (await Ask(new NodeQuery.Broadcast("default", "1"u8.ToArray(), OncePerClient: false))).ShouldBe(new NodeAnswer.Delivered(8, IsPartial: false));
        (await Ask(new NodeQuery.Broadcast("default", "2"u8.ToArray(), OncePerClient: true))).ShouldBe(new NodeAnswer.Delivered(6, IsPartial: false));
        clients[0].Lines.All.Count(line => line.StartsWith('*') && line.EndsWith(" 1", StringComparison.Ordinal)).ShouldBe(2);
        clients[0].Lines.All.Count(line => line.StartsWith('*') && line.EndsWith(" 2", StringComparison.Ordinal)).ShouldBe(1);
        stranger.Lines.All.ShouldBe(["ok sub all @0"]);

        Task<NodeAnswer> Ask(NodeQuery query)
        {
            var asked = node.Node.Ingress.AskAsync(new Actors.Rights.Identity.Backend("tests"), query);
            node.Turn();
            return asked;
        }
    }

    [Fact]
    public async Task Ask_WhenALoopDoesNotAnswer_IsPartialAfterASecond()
    {
        using var node = TestNode.Turned(loops: 2);
        node.Connect(0).Subscribe("c");
        node.Turn();
        var asked = node.Node.Ingress.AskAsync(new Actors.Rights.Identity.Backend("tests"), new NodeQuery.Channels("default"));
        node.TurnOnce(0);
        node.Time.Advance(TimeSpan.FromSeconds(1));

        var answer = (await asked).ShouldBeOfType<NodeAnswer.ChannelNames>();
        answer.IsPartial.ShouldBeTrue();
    }

    [Fact]
    public async Task Ask_OfASession_IsAnsweredOnItsLoop()
    {
        using var node = TestNode.Threaded(loops: 2);
        var client = node.Connect(1);
        client.Subscribe("c");
        await client.DoAsync(session => session.Identify("default", new Actors.Rights.Identity.Backend("tests")));
        await client.DoAsync(session => session.Ask(new NodeQuery.Channels("default"), "channels"));
        await client.Lines.WaitForAsync("asked channels");

        client.Dialect.LastAnswer.ShouldBeOfType<NodeAnswer.ChannelNames>().IsPartial.ShouldBeFalse();
    }

    [Fact]
    public async Task Ask_OfWhoIsNoBackend_IsRefused()
    {
        using var node = TestNode.Threaded(loops: 2);
        var client = node.Connect(1);
        await client.DoAsync(session => session.Ask(new NodeQuery.Channels("default"), "channels"));
        await client.Lines.WaitForAsync("asked channels");

        client.Dialect.LastAnswer.ShouldBe(new NodeAnswer.Refused(Refusal.Forbidden));
        (await node.Node.Ingress.AskAsync(new Actors.Rights.Identity.User("ann"), new NodeQuery.Broadcast("default", "1"u8.ToArray(), OncePerClient: false)))
            .ShouldBe(new NodeAnswer.Refused(Refusal.Forbidden));
    }
}
