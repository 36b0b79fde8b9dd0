namespace Broker.TestKit.Campaigns;

/// <summary>
/// Is present in a channel as a user. A resident stays and is back soon when it loses its connection; others come and go: by a close, by a
/// lost connection, some to be back within the grace.
/// </summary>
internal sealed class CampaignVisitor(CampaignEpisode episode, string name, string channel, string user, bool isResident) : CampaignClient(episode, name)
{
    private bool _isEntered;

    protected override (double FromMs, double ToMs) LookAfterMs => (500, 4_000);

    protected override string UserName => user;

    /// <summary>From here on it neither comes nor goes, unless it is in the middle of it.</summary>
    public void Rest() => IsResting = !isResident;

    protected override void Arrived()
    {
        _isEntered = false;
        Subscribe(channel, user);
    }

    protected override (double FromMs, double ToMs) BackAfterMs() =>
        isResident ? (5, 300)
        : Chance(0.5) ? (20, 1_200)   // within the grace, if it was lost
        : (4_000, 7_000);

    protected override Going Look()
    {
        if (Node?.IsSuspended is true)
        {
            return Chance(0.3) ? Going.Break : Going.Stay;
        }

        return isResident || IsResting || !_isEntered ? Going.Stay
            : Chance(0.4) ? Going.Close
            : Going.Break;
    }

    protected override void SubscribeAnswered(string channel, bool isTaken)
    {
        _isEntered = isTaken;
        if (!isTaken)
        {
            Later(50, 300, () =>
            {
                if (!IsResting)
                {
                    Subscribe(channel, user);
                }
            });
        }
    }
}
