using Broker.Actors.Rights;
using Broker.Messages;
using Broker.TestKit.Nodes;

namespace Broker.Actors.Tests.Ingress;

public class LocalIngressTests
{
    private static readonly Identity Backend = new Identity.Backend("tests");

    [Fact]
    public async Task Emit_WhenAChannelHasSubscribers_ReachesThemAndTellsHowMany()
    {
        using var node = TestNode.Threaded(loops: 2);
        var one = node.Connect(0);
        var two = node.Connect(1);
        one.Subscribe("c");
        two.Subscribe("c");
        await one.Lines.WaitForAsync("ok sub c @0");
        await two.Lines.WaitForAsync("ok sub c @0");
        var result = await node.Node.Ingress.EmitAsync(Backend, new ChannelName("default", "c"), "n", "1"u8.ToArray());

        result.Refusal.ShouldBe(Refusal.None);
        result.Position.Offset.ShouldBe(1);
        result.Receivers.ShouldBe(2);
        await one.Lines.WaitForAsync("c#1 n=1");
        await two.Lines.WaitForAsync("c#1 n=1");
    }

    [Fact]
    public async Task Emit_WhenTheMailboxIsFull_IsUnavailableAtOnce()
    {
        using var node = TestNode.Turned(loops: 1, new LocalNodeOptions { Shards = 1, Shard = new() { MailboxEmits = 1 } });
        var channel = new ChannelName("default", "c");
        var first = node.Node.Ingress.EmitAsync(Backend, channel, name: null, "1"u8.ToArray());
        var second = node.Node.Ingress.EmitAsync(Backend, channel, name: null, "2"u8.ToArray());
        (await second).Refusal.ShouldBe(Refusal.Unavailable);
        node.Turn();

        (await first).Position.Offset.ShouldBe(1);
        node.Node.Shards.Of(channel).Mailbox.ShouldBe((0, 0));
    }

    [Theory]
    [InlineData("nowhere", "c", "n", null, Refusal.UnknownApp)]
    [InlineData("default", "long", "n", null, Refusal.InvalidChannel)]
    [InlineData("default", "c", "long", null, Refusal.EventNameTooLong)]
    [InlineData("default", "c", "n", "", Refusal.InvalidKey)]
    [InlineData("default", "c", "n", "long", Refusal.InvalidKey)]
    public async Task Emit_WhenNoChannelCouldKeepIt_IsRefusedAndCostsNoChannelItsLife(
        string app, string text, string name, string? key, Refusal refusal)
    {
        using var node = TestNode.Turned();
        var result = node.Node.Ingress.EmitAsync(
            Backend, new ChannelName(app, Long(text)), Long(name), "1"u8.ToArray(), key is null ? null : Long(key));
        node.Turn();

        (await result).Refusal.ShouldBe(refusal);
        node.Node.Counters.ChannelFaults.Value.ShouldBe(0);

        static string Long(string value) => value == "long" ? new string('é', 70_000) : value;
    }

    [Theory]
    [InlineData(Right.Backend, Refusal.None)]
    [InlineData(Right.Nobody, Refusal.Forbidden)]
    public async Task Emit_WhenTheNamespaceSaysWhoMayPublish_IsABackends(Right publish, Refusal refusal)
    {
        using var node = TestNode.Turned(rules: new Namespace("default", "c*") { Publish = publish });
        var result = node.Node.Ingress.EmitAsync(Backend, new ChannelName("default", "c"), "n", "1"u8.ToArray());
        node.Turn();

        (await result).Refusal.ShouldBe(refusal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    public async Task History_WithAnyLimit_CostsNoChannelItsLife(int limit)
    {
        using var node = TestNode.Turned();
        var channel = new ChannelName("default", "c");
        var emitted = node.Node.Ingress.EmitAsync(Backend, channel, name: null, "1"u8.ToArray());
        var forward = node.Node.Ingress.HistoryAsync(Backend, channel, since: null, limit, backward: false);
        var backward = node.Node.Ingress.HistoryAsync(Backend, channel, since: null, limit, backward: true);
        node.Turn();

        (await emitted).Position.Offset.ShouldBe(1);
        (await forward).Events.Count.ShouldBe(limit < 0 ? 0 : 1);
        (await backward).Events.Count.ShouldBe(limit < 0 ? 0 : 1);
        node.Node.Counters.ChannelFaults.Value.ShouldBe(0);
    }
}
