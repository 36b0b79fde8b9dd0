namespace Broker.TestKit.Campaigns;

/// <summary>What a campaign is made with.</summary>
public sealed record CampaignOptions
{
    /// <summary>Gives every episode its schedule and its clients their minds.</summary>
    public int Seed { get; init; } = 1;

    public CampaignKind Kind { get; init; }

    /// <summary>No episode begins after it.</summary>
    public TimeSpan Length { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Episodes at most.</summary>
    public int Episodes { get; init; } = int.MaxValue;

    /// <summary>The number of the first episode: that of one that is to be run again.</summary>
    public int From { get; init; } = 1;

    /// <summary>Nodes of RabbitMQ; of several one is stopped or killed, or stands still, where the single one would be.</summary>
    public int RabbitMqNodes { get; init; } = 1;

    /// <summary>Milliseconds between two emits of one writer, in the mean.</summary>
    public double EmitEveryMs { get; init; } = 60;

    /// <summary>Where histories and logs of episodes are written that break something; null for nowhere.</summary>
    public string? Folder { get; init; }

    /// <summary>Told how it goes on, a line at a time.</summary>
    public Action<string> Say { get; init; } = static _ => { };
}
