namespace Broker.Actors;

/// <summary>What a node counts while it works. Read by health and metrics; never reset.</summary>
public sealed class Counters
{
    public Counter Emits { get; } = new();

    public Counter SessionsOpened { get; } = new();

    public Counter SessionsClosed { get; } = new();

    /// <summary>Sessions closed because they did not take what was sent to them.</summary>
    public Counter SlowSessions { get; } = new();

    /// <summary>Windows dropped to keep the node's history within its budget.</summary>
    public Counter WindowsDropped { get; } = new();

    /// <summary>Channels that lost their life to a bug.</summary>
    public Counter ChannelFaults { get; } = new();
}
