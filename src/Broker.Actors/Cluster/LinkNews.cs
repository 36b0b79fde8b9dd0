namespace Broker.Actors.Cluster;

/// <summary>What a received batch meant besides its items.</summary>
[Flags]
internal enum LinkNews
{
    None = 0,

    /// <summary>The peer takes items again after this side was reset: resynchronise.</summary>
    Opened = 1,

    /// <summary>The peer has reset its side: what it had sent may be lost. Resynchronise.</summary>
    PeerReset = 2,
}
