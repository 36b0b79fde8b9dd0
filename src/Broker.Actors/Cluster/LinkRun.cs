namespace Broker.Actors.Cluster;

/// <summary>Items that were given to a link together: sent, kept and sent again as one.</summary>
internal readonly record struct LinkRun(ReadOnlyMemory<byte> Items, long First, int Count)
{
    public long Last => First + Count - 1;
}
