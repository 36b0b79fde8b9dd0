namespace Broker.Messages.Cluster;

/// <summary>
/// What a node tells all others at once, outside links: hints that may be lost, never needed for what is right.
/// <code>
/// news := version:u8 kind:u8 from:uuid body
/// </code>
/// </summary>
public abstract record NodeNews
{
    private NodeNews()
    {
    }

    /// <summary>The sender is connected: look who is there.</summary>
    public sealed record Came : NodeNews;

    /// <summary>A node cannot be reached any more: see for yourself.</summary>
    public sealed record Lost(Incarnation Node) : NodeNews;

    /// <summary>The sender owns these shards now.</summary>
    public sealed record Claimed(IReadOnlyList<(ShardId Shard, long Term)> Shards) : NodeNews;

    /// <summary>The sender has released shards: read who owns them.</summary>
    public sealed record Released : NodeNews;

    /// <summary>An operator asks a node to leave; whoever asked looks whether it does.</summary>
    public sealed record LeaveAsked(Incarnation Node) : NodeNews;

    public void Write(WireWriter writer, Incarnation from)
    {
        writer.Byte(NodeItemCodec.Version);
        writer.Byte((byte)(this switch { Came => 1, Lost => 2, Claimed => 3, Released => 4, _ => 5 }));
        writer.Node(from);
        if (this is Lost lost)
        {
            writer.Node(lost.Node);
        }
        else if (this is LeaveAsked asked)
        {
            writer.Node(asked.Node);
        }
        else if (this is Claimed claimed)
        {
            writer.Int32(claimed.Shards.Count);
            foreach (var (shard, term) in claimed.Shards)
            {
                writer.UInt16(shard.Value);
                writer.Int64(term);
            }
        }
    }

    /// <summary>Null for news of a later release.</summary>
    /// <exception cref="InvalidDataException">Not news.</exception>
    public static NodeNews? Read(ReadOnlySpan<byte> source, out Incarnation from)
    {
        var reader = new WireReader(source);
        var version = reader.Byte();
        var kind = reader.Byte();
        from = reader.Node();
        if (version != NodeItemCodec.Version)
        {
            return null;
        }

        switch (kind)
        {
            case 1: return new Came();
            case 2: return new Lost(reader.Node());
            case 3: return new Claimed(ReadShards(ref reader));
            case 4: return new Released();
            case 5: return new LeaveAsked(reader.Node());
            default: return null;
        }
    }

    private static (ShardId Shard, long Term)[] ReadShards(ref WireReader reader)
    {
        var shards = new (ShardId, long)[reader.Count(10)];
        for (var i = 0; i < shards.Length; i++)
        {
            shards[i] = (new ShardId(reader.UInt16()), reader.Int64());
        }

        return shards;
    }
}
