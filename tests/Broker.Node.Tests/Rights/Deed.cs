namespace Broker.Node.Tests.Rights;

/// <summary>What somebody wants of a channel.</summary>
public enum Deed
{
    Subscribe,
    Publish,

    /// <summary>To be present.</summary>
    Join,

    ReadHistory,
    ReadPresence,
}
