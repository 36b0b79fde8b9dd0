namespace Broker.Client;

/// <summary>Which events of a channel's history are wanted.</summary>
public sealed class HistoryOptions
{
    /// <summary>Where to start, without the event of that position. Null: at the end that the direction starts from.</summary>
    public ChannelPosition? Since { get; init; }

    /// <summary>Events at most, from 0, which asks for the position alone. Null: 100, the broker's default; never more than 1,000 come.</summary>
    public int? Limit { get; init; }

    /// <summary>Newest first. Default false.</summary>
    public bool IsBackward { get; init; }

    /// <summary>A token for the channel, where the channel asks for one. Not sent over HTTP.</summary>
    public string? Token { get; init; }

    internal string? Direction => IsBackward ? "backward" : null;

    internal void Validate() => Check.Between(Limit ?? 0, 0, int.MaxValue, nameof(Limit));
}
