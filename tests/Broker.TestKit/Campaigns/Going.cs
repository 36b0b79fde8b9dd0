namespace Broker.TestKit.Campaigns;

/// <summary>What a client does with its connection.</summary>
internal enum Going
{
    Stay,

    /// <summary>Closes it, and says so.</summary>
    Close,

    /// <summary>Breaks it without a word.</summary>
    Break,
}
