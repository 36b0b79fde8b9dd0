namespace Broker.Actors.Metrics;

/// <summary>
/// What one loop counts while it works: plain numbers, written by the loop alone, so that counting costs no more than the
/// addition. Summed over the loops by whoever reads them, which may be a moment late.
/// </summary>
public sealed class LoopTally
{
    private readonly TickDurations _deliveries;
    private readonly TickDurations _acknowledgements;

    /// <param name="frequency">Ticks of the loops' clock in a second.</param>
    public LoopTally(long frequency)
    {
        DeliveryDuration = new DurationHistogram(frequency);
        EmitDuration = new DurationHistogram(frequency);
        TickDuration = new DurationHistogram(frequency);
        _deliveries = new TickDurations(DeliveryDuration);
        _acknowledgements = new TickDurations(EmitDuration);
    }

    /// <summary>Messages that clients sent.</summary>
    public long Received { get; private set; }

    /// <summary>Emits that channels owned here took.</summary>
    public long Emits { get; private set; }

    /// <summary>Messages to subscribers: events, notices and what was missed.</summary>
    public long Deliveries { get; private set; }

    /// <summary>Subscriptions of sessions on this loop, as of now.</summary>
    public int Subscriptions { get; private set; }

    /// <summary>From the tick that read an emit to the end of the tick that gave its event to this loop's subscribers; one per event.</summary>
    public DurationHistogram DeliveryDuration { get; }

    /// <summary>From the tick that read an emit to the end of the tick that answered it.</summary>
    public DurationHistogram EmitDuration { get; }

    /// <summary>How long ticks took, without their waiting: what comes in meanwhile waits as long.</summary>
    public DurationHistogram TickDuration { get; }

    internal void MessageReceived() => Received++;

    internal void Emitted() => Emits++;

    /// <param name="copies">Subscriptions that get it.</param>
    internal void Delivered(int copies) => Deliveries += copies;

    /// <param name="receivedAt">When its emit was read; 0 where this node did not read it.</param>
    internal void EventDelivered(long receivedAt) => _deliveries.Begun(receivedAt);

    /// <param name="receivedAt">When the emit was read.</param>
    internal void EmitAnswered(long receivedAt) => _acknowledgements.Begun(receivedAt);

    internal void Subscribed(int change) => Subscriptions += change;

    internal void EndTick(long startedAt, long now)
    {
        _deliveries.EndTick(now);
        _acknowledgements.EndTick(now);
        TickDuration.Record(now - startedAt, 1);
    }
}
