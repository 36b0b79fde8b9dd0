namespace Broker.TestKit.Campaigns;

/// <summary>Subscribes to channels and follows them, over one connection after the other, always asking for what it missed.</summary>
/// <param name="wanders">True: it moves from node to node by itself.</param>
internal sealed class CampaignReader(CampaignEpisode episode, string name, IReadOnlyList<string> channels, bool wanders) : CampaignClient(episode, name)
{
    private int _subscribed;

    /// <summary>True: it moves no more by itself.</summary>
    public bool Stays { get; set; }

    public IReadOnlyList<string> Channels => channels;

    /// <summary>True when every subscription is answered.</summary>
    public bool IsFollowing
    {
        get
        {
            lock (Gate)
            {
                return IsConnected && _subscribed == channels.Count;
            }
        }
    }

    protected override (double FromMs, double ToMs) LookAfterMs => (400, 3_000);

    protected override void Arrived()
    {
        _subscribed = 0;
        foreach (var channel in channels)
        {
            Subscribe(channel);
        }
    }

    protected override (double FromMs, double ToMs) BackAfterMs() => (5, 600);

    protected override Going Look()
    {
        var isLeft = Node?.IsSuspended is true ? Chance(0.3) : wanders && !Stays;
        return !isLeft ? Going.Stay : Chance(0.5) ? Going.Close : Going.Break;
    }

    protected override void SubscribeAnswered(string channel, bool isTaken)
    {
        if (isTaken)
        {
            _subscribed++;
        }
        else
        {
            Later(50, 300, () => Subscribe(channel));
        }
    }
}
