using System.Text;
using Broker.Actors.Dialects;
using Broker.Actors.Rights;
using Broker.Actors.Sessions;
using Broker.Messages;
using Broker.TestKit.Nodes;

namespace Broker.Actors.Tests.Sessions;

/// <summary>What a session proved holds until it expires, and no longer.</summary>
public sealed class ExpiryTests
{
    private static readonly Namespace[] Rules =
    [
        new("default", "private-*") { Subscribe = Right.Proof, Publish = Right.Proof, Presence = Right.Proof },
        new("default", "user-*") { Subscribe = Right.User },
    ];

    [Fact]
    public void Session_WhenItsIdentityExpires_IsToldBeforeAndClosed()
    {
        using var node = TestNode.Turned(loops: 1, rules: Rules);
        var client = Connect(node);
        client.Do(session => session.Identify("default", Ann(node, seconds: 100)));
        node.Turn();

        node.Pass(TimeSpan.FromSeconds(69));
        client.Lines.All.ShouldBeEmpty();
        node.Pass(TimeSpan.FromSeconds(2));
        client.Lines.All.ShouldHaveSingleItem().ShouldStartWith("expiring session in ");
        node.Pass(TimeSpan.FromSeconds(28));
        client.Transport.Reason.ShouldBeNull();
        node.Pass(TimeSpan.FromSeconds(2));
        client.Transport.Reason.ShouldBe(Disconnect.Expired);
        node.Node.Loops[0].Wheel.Count.ShouldBe(0);
    }

    [Fact]
    public void Session_WithLessTimeThanTheNotice_IsClosedUntold()
    {
        using var node = TestNode.Turned(loops: 1, rules: Rules);
        var client = Connect(node);
        client.Do(session => session.Identify("default", Ann(node, seconds: 20)));
        node.Turn();
        node.Pass(TimeSpan.FromSeconds(21));

        client.Lines.All.ShouldBeEmpty();
        client.Transport.Reason.ShouldBe(Disconnect.Expired);
    }

    [Fact]
    public void Session_WithAnIdentityThatHasExpiredAlready_IsClosed()
    {
        using var node = TestNode.Turned(loops: 1, rules: Rules);
        var client = Connect(node);
        client.Do(session => session.Identify("default", Ann(node, seconds: -1)));
        node.Turn();
        node.Pass(TimeSpan.FromMilliseconds(200));

        client.Transport.Reason.ShouldBe(Disconnect.Expired);
    }

    [Fact]
    public void Session_ThatIsRenewedInTime_StaysAndIsToldAgain()
    {
        using var node = TestNode.Turned(loops: 1, rules: Rules);
        var client = Connect(node);
        client.Subscribe("c");
        client.Do(session => session.Identify("default", Ann(node, seconds: 100)));
        node.Turn();
        node.Pass(TimeSpan.FromSeconds(80));
        client.Do(session => session.Identify("default", Ann(node, seconds: 100)).ShouldBe(Refusal.None));
        node.Turn();
        node.Pass(TimeSpan.FromSeconds(90));

        client.Transport.Reason.ShouldBeNull();
        client.Lines.All.Count(line => line.StartsWith("expiring session", StringComparison.Ordinal)).ShouldBe(2);
        client.Session.IsSubscribed(new ChannelName("default", "c")).ShouldBeTrue();
        node.Pass(TimeSpan.FromSeconds(11));
        client.Transport.Reason.ShouldBe(Disconnect.Expired);
    }

    [Fact]
    public void Session_WithoutAnythingThatExpires_HasNothingScheduledForIt()
    {
        using var node = TestNode.Turned(loops: 1, rules: Rules);
        Join(node.Connect());
        node.Turn();
        var others = node.Node.Loops[0].Wheel.Count;
        var client = node.Connect();
        Join(client);
        node.Turn();
        node.Node.Loops[0].Wheel.Count.ShouldBe(others + 1);   // its sign of life

        client.Do(session => session.Identify("default", Ann(node, seconds: 100)));
        node.Turn();
        node.Node.Loops[0].Wheel.Count.ShouldBe(others + 2);

        static void Join(TestClient client)
        {
            client.Do(session => session.Identify("default", new Identity.User("ann")));
            client.Subscribe("user-c");
            client.Do(session => session.Subscribe(session.Channel("private-c"u8), new SubscribeRequest(0, Proven: true), "proven"));
        }
    }

    [Fact]
    public void Session_OfAUserThatExpires_NeverBecomesAnother()
    {
        using var node = TestNode.Turned(loops: 1, rules: Rules);
        var client = Connect(node);
        var refusals = new List<Refusal>();
        client.Do(session =>
        {
            session.Identify("default", Ann(node, seconds: 100));
            refusals.Add(session.Identify("default", Identity.Anonymous.Instance));
            refusals.Add(session.Identify("default", new Identity.User("ann")));
            refusals.Add(session.Identify("default", Ann(node, seconds: 100) with { Id = "bob" }));
            refusals.Add(session.Identify("default", new Identity.Backend("ann") { ExpiresAtMs = session.UnixMs + 100_000 }));
            refusals.Add(session.Identify("other", Ann(node, seconds: 100)));
            session.Identity.ShouldBeOfType<Identity.User>().Id.ShouldBe("ann");
            session.App.ShouldBe("default");
            refusals.Add(session.Identify("default", Ann(node, seconds: 200)));
        });
        node.Turn();

        refusals.ShouldBe([Refusal.Forbidden, Refusal.Forbidden, Refusal.Forbidden, Refusal.Forbidden, Refusal.Forbidden, Refusal.None]);
    }

    [Fact]
    public void Session_WhoseNewerIdentityProvesLess_LosesWhatItDoesNotProve()
    {
        using var node = TestNode.Turned(loops: 1, rules: Rules);
        var client = Connect(node);
        client.Do(session => session.Identify("default", Ann(node, seconds: 100, "private-a", "private-b")));
        client.Subscribe("private-a");
        client.Subscribe("private-b");
        client.Subscribe("user-c");
        client.Subscribe("open");
        client.Do(session => session.Identify("default", Ann(node, seconds: 100, "private-b")));
        client.Emit("private-a", "1");
        client.Emit("private-b", "2");
        node.Turn();

        client.Lines.All.ShouldBe(
        [
            "ok sub private-a @0", "ok sub private-b @0", "ok sub user-c @0", "ok sub open @0",
            "ended private-a 2502", "no emit 1 Forbidden", "private-b#1 e=2", "ok emit 2 @1",
        ], ignoreOrder: true);
        _ = node.Node.Ingress.EmitAsync(new Identity.Backend("x"), new ChannelName("default", "private-a"), "e", "3"u8.ToArray()).AsTask();
        node.Turn();
        client.Events.ShouldBe(["private-b#1 e=2"]);
    }

    [Fact]
    public void Subscription_WhenItsProofExpires_EndsAlone()
    {
        using var node = TestNode.Turned(loops: 1, rules: Rules);
        var client = Connect(node);
        client.Subscribe("open");
        client.Do(session => session.Subscribe(session.Channel("private-c"u8), Proven(node, seconds: 100), "private-c"));
        client.Emit("private-c", "1");
        client.History("private-c");
        client.Presence("private-c");
        node.Turn();
        client.Dialect.LastHistory!.Refusal.ShouldBe(Refusal.None);
        client.Dialect.LastPresence!.Refusal.ShouldBe(Refusal.None);

        node.Pass(TimeSpan.FromSeconds(71));
        client.Lines.All[^1].ShouldStartWith("expiring private-c in ");
        node.Pass(TimeSpan.FromSeconds(30));
        client.Lines.All[^1].ShouldBe("ended private-c 2501");
        client.Transport.Reason.ShouldBeNull();

        client.Emit("private-c", "2");
        client.History("private-c");
        client.Presence("private-c");
        client.Emit("open", "3");
        _ = node.Node.Ingress.EmitAsync(new Identity.Backend("x"), new ChannelName("default", "private-c"), "e", "4"u8.ToArray()).AsTask();
        node.Turn();
        client.Lines.All[^5..].ShouldBe(
            ["no emit 2 Forbidden", "no history private-c Forbidden", "no presence private-c Forbidden", "open#1 e=3", "ok emit 3 @1"], ignoreOrder: true);
    }

    [Fact]
    public void Subscription_WhoseProofIsRenewed_GoesOnUntilThen()
    {
        using var node = TestNode.Turned(loops: 1, rules: Rules);
        var client = Connect(node);
        var refusals = new List<Refusal>();
        client.Do(session =>
        {
            refusals.Add(session.Prove(session.Channel("private-c"u8), session.UnixMs + 1_000));
            session.Subscribe(session.Channel("private-c"u8), Proven(node, seconds: 100), "private-c");
        });
        node.Pass(TimeSpan.FromSeconds(80));
        client.Do(session => refusals.Add(session.Prove(session.Channel("private-c"u8), session.UnixMs + 100_000)));
        node.Pass(TimeSpan.FromSeconds(90));
        refusals.ShouldBe([Refusal.NotSubscribed, Refusal.None]);
        client.Lines.All.ShouldNotContain("ended private-c 2501");
        node.Pass(TimeSpan.FromSeconds(11));

        client.Lines.All[^1].ShouldBe("ended private-c 2501");
    }

    [Fact]
    public void Subscription_ThatItsClientEnds_LeavesNoTimer()
    {
        using var node = TestNode.Turned(loops: 1, rules: Rules);
        var client = Connect(node);
        node.Turn();
        client.Do(session => session.Subscribe(session.Channel("private-c"u8), Proven(node, seconds: 100), "private-c"));
        client.Unsubscribe("private-c");
        client.Do(session => session.Subscribe(session.Channel("private-d"u8), Proven(node, seconds: 100), "private-d"));
        node.Turn();
        client.Leave(clean: true);
        node.Pass(TimeSpan.FromMinutes(10));

        client.Lines.All.ShouldBe(["ok sub private-c @0", "ok unsub private-c", "ok sub private-d @0"], ignoreOrder: true);
        node.Node.Loops[0].Wheel.Count.ShouldBe(0);
    }

    [Fact]
    public void Proof_OfOneChannel_ProvesNoOther()
    {
        using var node = TestNode.Turned(loops: 1, rules: Rules);
        var client = Connect(node);
        client.Do(session => session.Subscribe(session.Channel("private-c"u8), Proven(node, seconds: 100), "private-c"));
        client.Subscribe("private-d");
        client.Emit("private-d", "1");
        client.History("private-d");
        client.Presence("private-d");
        node.Turn();

        client.Lines.All[^4..].ShouldBe(
            ["no sub private-d Forbidden", "no emit 1 Forbidden", "no history private-d Forbidden", "no presence private-d Forbidden"], ignoreOrder: true);
    }

    [Fact]
    public async Task Member_WhoseProofExpires_IsGoneForTheOthers()
    {
        using var node = TestNode.Turned(loops: 1, rules: Rules);
        var client = Connect(node);
        SubscribeAsMember(node, client);
        var presence = node.Node.Ingress.PresenceAsync(new Identity.Backend("x"), new ChannelName("default", "private-c"));
        node.Turn();
        (await presence).Members.ShouldHaveSingleItem().UserId.ShouldBe("ann");

        node.Pass(TimeSpan.FromSeconds(101));
        presence = node.Node.Ingress.PresenceAsync(new Identity.Backend("x"), new ChannelName("default", "private-c"));
        node.Turn();
        (await presence).Members.ShouldBeEmpty();
    }

    private static void SubscribeAsMember(TestNode node, TestClient client)
    {
        client.Do(session => session.Identify("default", Ann(node, seconds: 1_000)));
        client.Do(session => session.Subscribe(
            session.Channel("private-c"u8),
            Proven(node, seconds: 100) with { Member = new MemberClaim("ann", Encoding.UTF8.GetBytes("{}")) },
            "private-c"));
    }

    /// <summary>A client that answers pings.</summary>
    private static TestClient Connect(TestNode node)
    {
        var client = node.Connect();
        client.Transport.AnswersPings = true;
        return client;
    }

    private static Identity.User Ann(TestNode node, int seconds, params string[] channels) => new("ann")
    {
        ExpiresAtMs = node.Time.GetUtcNow().ToUnixTimeMilliseconds() + (seconds * 1_000L),
        Grants = new ChannelGrants(channels),
    };

    private static SubscribeRequest Proven(TestNode node, int seconds) => new(
        0, Proven: true, ProvenUntilMs: node.Time.GetUtcNow().ToUnixTimeMilliseconds() + (seconds * 1_000L));
}
