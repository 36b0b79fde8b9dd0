using System.Diagnostics;
using System.Globalization;
using Broker.Messages;

namespace Broker.Actors.Tracing;

/// <summary>The span that caused something, on its way between loops and nodes. There is none where nobody traces.</summary>
internal sealed class TraceLink(ActivityContext parent)
{
    /// <summary>Of a span that is being recorded; null for others: what nobody keeps need not be carried.</summary>
    public static TraceLink? Of(Activity? activity) =>
        activity is { Recorded: true } ? new TraceLink(activity.Context) : null;

    /// <summary>What another node sent; null when it is no trace context, or nobody here traces.</summary>
    public static TraceLink? Parse(string traceparent) =>
        BrokerTracing.Source.HasListeners() && ActivityContext.TryParse(traceparent, traceState: null, isRemote: true, out var parent)
            ? new TraceLink(parent)
            : null;

    /// <summary>Starts a span under this one; null when nobody wants it. Dispose ends it.</summary>
    public Activity? Start(string name, ActivityKind kind, ChannelName channel)
    {
        var activity = BrokerTracing.Source.StartActivity(name, kind, parent);
        activity?.SetTag("messaging.system", "broker");
        activity?.SetTag("messaging.operation.name", name);
        activity?.SetTag("messaging.destination.name", channel.Text);
        return activity;
    }

    /// <summary>As W3C trace context writes it: <c>00-trace-span-flags</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"00-{parent.TraceId}-{parent.SpanId}-{(int)parent.TraceFlags:x2}");
}
