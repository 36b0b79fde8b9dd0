using System.Diagnostics;
using Broker.Actors.Rights;
using Broker.Actors.Tracing;
using Broker.Messages;
using Broker.TestKit.Cluster;
using Broker.TestKit.Nodes;

namespace Broker.Actors.Tests.Tracing;

/// <summary>One after the other: a listener hears the whole process.</summary>
[Collection("tracing")]
public sealed class TracingTests
{
    private static readonly Identity Caller = new Identity.Backend("test");

    [Fact]
    public async Task Publish_UnderACallersSpan_IsTracedToItsDelivery()
    {
        using var spans = new RecordedSpans();
        using var node = TestNode.Turned(loops: 2);
        var client = node.Connect(1);
        client.Subscribe("c");
        node.Turn();

        var emitted = node.Node.Ingress.EmitAsync(Caller, new ChannelName("default", "c"), "n", "1"u8.ToArray());
        Activity.Current.ShouldBe(spans.Caller);
        node.Turn();

        (await emitted).Refusal.ShouldBe(Refusal.None);
        client.Events.ShouldBe(["c#1 n=1"]);
        var publish = spans.Named("publish").ShouldHaveSingleItem();
        var order = spans.Named("order").ShouldHaveSingleItem();
        var deliver = spans.Named("deliver").ShouldHaveSingleItem();
        publish.ParentSpanId.ShouldBe(spans.Caller.SpanId);
        publish.GetTagItem("messaging.destination.name").ShouldBe("c");
        order.ParentSpanId.ShouldBe(publish.SpanId);
        deliver.ParentSpanId.ShouldBe(order.SpanId);
        deliver.GetTagItem("broker.subscriptions").ShouldBe(1);
        Activity.Current.ShouldBe(spans.Caller);
    }

    [Fact]
    public async Task Publish_ToAChannelOfAnotherNode_IsOneTraceOverBothAndAThird()
    {
        using var spans = new RecordedSpans();
        using var cluster = new InProcessCluster(nodes: 3);
        var channel = cluster.ChannelOf(1);
        var clients = new[] { cluster[0].Connect(), cluster[2].Connect() };
        foreach (var client in clients)
        {
            client.Subscribe(channel);
        }

        cluster.Turn();
        var emitted = cluster[0].Node.Ingress.EmitAsync(Caller, new ChannelName("default", channel), "n", "1"u8.ToArray());
        cluster.Turn();

        (await emitted).Refusal.ShouldBe(Refusal.None);
        var publish = spans.Named("publish").ShouldHaveSingleItem();
        var order = spans.Named("order").ShouldHaveSingleItem();
        order.ParentSpanId.ShouldBe(publish.SpanId);
        order.HasRemoteParent.ShouldBeTrue();
        var deliveries = spans.Named("deliver");
        deliveries.Length.ShouldBe(2);
        deliveries.ShouldAllBe(deliver => deliver.ParentSpanId == order.SpanId);

        // What comes next belongs to nobody's trace.
        clients[0].Emit(channel, "2");
        cluster.Turn();
        clients[1].Events.Length.ShouldBe(2);
        spans.Named("order").Length.ShouldBe(1);
        spans.Named("deliver").Length.ShouldBe(2);
    }

    [Fact]
    public async Task Publish_ThatIsRefused_EndsItsSpanAsAnError()
    {
        using var spans = new RecordedSpans();
        using var node = TestNode.Turned(loops: 1, new LocalNodeOptions { Shards = 1, Shard = new() { MailboxEmits = 1 } });
        var channel = new ChannelName("default", "c");
        var taken = node.Node.Ingress.EmitAsync(Caller, channel, null, "1"u8.ToArray());
        (await node.Node.Ingress.EmitAsync(Caller, channel, null, "2"u8.ToArray())).Refusal.ShouldBe(Refusal.Unavailable);
        node.Turn();
        await taken;

        var refused = spans.Named("publish").Single(span => span.Status == ActivityStatusCode.Error);
        refused.StatusDescription.ShouldBe(nameof(Refusal.Unavailable));
    }

    [Fact]
    public void Publish_UnderASpanThatNobodyKeeps_IsNotCarriedOn()
    {
        using var spans = new RecordedSpans();
        Activity.Current = null;
        using var unsampled = new Activity("unsampled").SetParentId("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00").Start();
        using var node = TestNode.Turned();
        var emitted = node.Node.Ingress.EmitAsync(Caller, new ChannelName("default", "c"), "n", "1"u8.ToArray());
        node.Turn();

        emitted.IsCompletedSuccessfully.ShouldBeTrue();
        spans.Named("order").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331")]
    [InlineData("zz-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]
    public void Parse_OfNoTraceContext_IsNone(string text)
    {
        using var spans = new RecordedSpans();

        TraceLink.Parse(text).ShouldBeNull();
    }

    [Fact]
    public void Parse_OfWhatWasWritten_IsTheSame()
    {
        using var spans = new RecordedSpans();
        var text = TraceLink.Of(spans.Caller)!.ToString();

        text.ShouldBe(spans.Caller.Id);
        TraceLink.Parse(text)!.ToString().ShouldBe(text);
    }

    [Fact]
    public void Parse_WhereNobodyTraces_IsNone() =>
        TraceLink.Parse("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01").ShouldBeNull();
}
