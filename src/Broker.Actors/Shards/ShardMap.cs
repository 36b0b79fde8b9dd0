using Broker.Messages;

namespace Broker.Actors.Shards;

/// <summary>The shards of a node, each on its loop. Every channel has its shard here, owned or not.</summary>
internal sealed class ShardMap
{
    private readonly ShardActor[] _all;

    public ShardMap(int count, Func<ShardId, ShardActor> create)
    {
        _all = [.. Enumerable.Range(0, count).Select(number => create(new ShardId(number)))];
    }

    public IReadOnlyList<ShardActor> All => _all;

    public ShardActor Of(ChannelName channel) => _all[ShardId.Of(channel, _all.Length).Value];

    public ShardActor this[ShardId shard] => _all[shard.Value];
}
