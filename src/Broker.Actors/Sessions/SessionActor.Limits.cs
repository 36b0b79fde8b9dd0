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
        if (LimitOf(refusal) is { } limit)
        {
            Met(limit);
        }

        return refusal;
    }

    private static Limit? LimitOf(Refusal refusal) => refusal switch
    {
        Refusal.InvalidChannel => Limit.ChannelName,
        Refusal.TooManySubscriptions => Limit.Subscriptions,
        Refusal.TooManyPublishes => Limit.PublishesPerSecond,
        Refusal.AppFull => Limit.AppSessions,
        Refusal.TooManyMembers => Limit.Members,
        Refusal.InfoTooLarge => Limit.MemberInfo,
        Refusal.EventNameTooLong => Limit.EventName,
        _ => null,
    };
}
