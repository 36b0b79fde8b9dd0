using System.Diagnostics;

namespace Broker.Actors.Tracing;

/// <summary>The spans of an emit that belongs to a trace: publish, order (at the channel's owner), deliver (on each node).</summary>
public static class BrokerTracing
{
    public const string SourceName = "Broker";

    public static ActivitySource Source { get; } = new(SourceName);
}
