using Broker.Actors.Channels;
using Broker.Actors.Shards;
using Broker.Messages;
using Broker.TestKit.Nodes;

namespace Broker.Actors.Tests.Shards;

public class RememberedChannelsTests
{
    private static readonly ChannelOptions Short = new() { HistoryAgeMs = 1_000, IsRemembered = true };

    [Fact]
    public void Contains_KnowsAsManyAsItMay_AndTheOldestGoFirst()
    {
        var channels = new RememberedChannels(max: 3);
        foreach (var name in (string[])["a", "b", "a", "c", "d"])
        {
            channels.Add(Name(name));
        }

        new[] { "a", "b", "c", "d", "e" }.Where(name => channels.Contains(Name(name))).ShouldBe(["b", "c", "d"]);
    }

    [Fact]
    public void Emit_ToWhereNobodyHasBeen_IsRefusedAndMakesNoChannel()
    {
        using var node = TestNode.Turned();

        Emit(node, "c").ShouldBe(Refusal.UnknownChannel);

        node.Node.ChannelCount.ShouldBe(0);
        node.Node.Counters.EmitsRefused[Refusal.UnknownChannel].ShouldBe(1);
    }

    [Fact]
    public void Emit_WhereSomebodyWas_IsTakenAlsoOnceTheChannelIsForgotten()
    {
        using var node = TestNode.Turned(rules: [TestNode.Rule("*", Short)]);
        var client = node.Connect();
        client.Subscribe("c");
        node.Turn();
        Emit(node, "c").ShouldBe(Refusal.None);
        client.Unsubscribe("c");
        node.Pass(TimeSpan.FromSeconds(60));
        node.Node.ChannelCount.ShouldBe(0);

        Emit(node, "c").ShouldBe(Refusal.None);
        Emit(node, "d").ShouldBe(Refusal.UnknownChannel);
    }

    /// <summary>Most apps ask for no such thing, and pay nothing for it.</summary>
    [Fact]
    public void Emit_WhereTheAppRemembersNothing_IsRefusedOnceTheChannelIsForgotten()
    {
        using var node = TestNode.Turned(rules: [TestNode.Rule("*", Short with { IsRemembered = false })]);
        var client = node.Connect();
        client.Emit("c", "1");
        node.Turn();
        Emit(node, "c").ShouldBe(Refusal.None);
        node.Pass(TimeSpan.FromSeconds(60));

        Emit(node, "c").ShouldBe(Refusal.UnknownChannel);
    }

    [Fact]
    public void Emit_WithAsMuchAsItSays_IsDeliveredWithIt()
    {
        var harness = new Channels.ChannelHarness();
        harness.Channel.Exists.ShouldBeFalse();
        harness.Step(new ChannelInput.WhoIsHere(new object()));
        harness.Channel.Exists.ShouldBeFalse();

        harness.Step(new ChannelInput.Emit(Channels.ChannelHarness.Name, default, "e", default, null, false, null, null, null) { Verbatim = "{}"u8.ToArray() });

        harness.Channel.Exists.ShouldBeTrue();
        harness.Published[^1].Verbatim.ToArray().ShouldBe("{}"u8.ToArray());
        harness.Channel.Stream.Window.Read(Channels.ChannelHarness.Name, 1, 1)[0].Verbatim.ToArray().ShouldBe("{}"u8.ToArray());
    }

    private static ChannelName Name(string text) => new("default", text);

    private static Refusal Emit(TestNode node, string channel)
    {
        var origin = new Origin();
        node.Node.Shards.Of(Name(channel)).TryEmit(
            new ChannelInput.Emit(Name(channel), default, "e", "1"u8.ToArray(), null, false, null, origin, "call") { MustExist = true }).ShouldBeTrue();
        node.Turn();
        return origin.Result.ShouldNotBeNull().Refusal;
    }

    private sealed class Origin : IEmitOrigin
    {
        public EmitResult? Result { get; private set; }

        public void Emitted(object? call, in EmitResult result) => Result = result;
    }
}
