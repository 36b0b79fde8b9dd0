namespace Broker.Messages.Cluster;

/// <summary>What one node asks all others.</summary>
public enum QuestionKind : byte
{
    /// <summary>Send data to every subscription of the app.</summary>
    Broadcast = 1,

    /// <summary>Which channels have subscribers?</summary>
    Channels = 2,

    /// <summary>Where do subscribers connect from?</summary>
    Subscribers = 3,

    /// <summary>How many subscribers do channels have?</summary>
    Counts = 4,

    /// <summary>Close a user's sessions.</summary>
    Disconnect = 5,

    /// <summary>End a user's subscriptions of a channel.</summary>
    Unsubscribe = 6,
}
