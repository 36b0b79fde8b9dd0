namespace Broker.TestKit.Histories;

/// <summary>What a channel promises of its events.</summary>
public enum ChannelClass
{
    /// <summary>Its window holds all that a test emits.</summary>
    History,

    /// <summary>Its window holds the last few events, so that who is away for long is told of a break.</summary>
    ShortHistory,

    /// <summary>Nothing is kept: a jump of the offset shows a loss.</summary>
    Live,
}
