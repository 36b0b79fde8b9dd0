using System.Buffers.Binary;
using Broker.Messages;

namespace Broker.Actors.Cluster;

/// <summary>Which node should own a shard: every node comes to the same answer, and few shards move when a node comes or goes. Part of the cluster's protocol.</summary>
internal static class Rendezvous
{
    /// <summary>The node with the highest weight; null where there is none.</summary>
    public static Incarnation? Wanted(ShardId shard, IEnumerable<Incarnation> nodes)
    {
        Incarnation? wanted = null;
        var highest = (Weight: 0UL, Tie: Guid.Empty);
        foreach (var node in nodes)
        {
            var weight = (Weight(shard, node), node.Value);
            if (wanted is null || weight.CompareTo(highest) > 0)
            {
                (wanted, highest) = (node, weight);
            }
        }

        return wanted;
    }

    /// <summary>How many of the nodes are wanted rather than this one: 0 for the wanted one itself.</summary>
    public static int Rank(ShardId shard, Incarnation node, IEnumerable<Incarnation> nodes)
    {
        var own = (Weight(shard, node), node.Value);
        return nodes.Count(other => (Weight(shard, other), other.Value).CompareTo(own) > 0);
    }

    private static ulong Weight(ShardId shard, Incarnation node)
    {
        Span<byte> bytes = stackalloc byte[16];
        node.Value.TryWriteBytes(bytes);
        var hash = Mix((ulong)shard.Value + 1);
        hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        return Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]));
    }

    // SplitMix64's finalizer.
    private static ulong Mix(ulong value)
    {
        unchecked
        {
            value += 0x9E3779B97F4A7C15;
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
            return value ^ (value >> 31);
        }
    }
}
