using System.Collections.Concurrent;
using System.Diagnostics;
using Broker.Actors.Tracing;

namespace Broker.Actors.Tests.Tracing;

/// <summary>Records the broker's spans of one trace, as an exporter would.</summary>
internal sealed class RecordedSpans : IDisposable
{
    private static readonly ActivitySource Callers = new("test.caller");

    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;

    public RecordedSpans()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is BrokerTracing.SourceName or "test.caller",
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                options.Source.Name == "test.caller" || options.Parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded)
                    ? ActivitySamplingResult.AllDataAndRecorded
                    : ActivitySamplingResult.PropagationData,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
        Caller = Callers.StartActivity("request", ActivityKind.Server)!;
    }

    /// <summary>The caller's span: the current one until the test ends.</summary>
    public Activity Caller { get; }

    /// <summary>Those of the caller's trace, by name, in the order in which they ended.</summary>
    public Activity[] Named(string name) => [.. _ended.Where(span => span.TraceId == Caller.TraceId && span.OperationName == name)];

    public void Dispose()
    {
        Caller.Dispose();
        _listener.Dispose();
    }
}
