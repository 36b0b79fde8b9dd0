using Broker.Messages;

namespace Broker.Actors.Sessions;

// Which limits the client ran into.
public sealed partial class SessionActor
{
    private RateMeter _publishes;

    public void Met(Limit limit) => _node.Counters.Limits.Add(limit);

    private bool MayPublishNow()
    {
        var rate = _node.SessionLimits.PublishesPerSecond;
        return rate == 0 || _publishes.TrySpend(rate, Loop.NowMs);
    }

    /// <summary>Counts the limits that clients run into.</summary>
    private Refusal Counted(Refusal refusal)
    {
        _node.Counters.Met(refusal);
        return refusal;
    }
}
