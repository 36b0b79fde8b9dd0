using Broker.Messages;

namespace Broker.Actors.Shards;

/// <summary>
/// Channels that were there once: a few bytes each, where the channel itself would be hundreds. By their hashes alone, so that one in
/// 2^64 may be taken for another.
/// </summary>
/// <param name="max">With one more the oldest is forgotten.</param>
internal sealed class RememberedChannels(int max)
{
    private readonly HashSet<ulong> _names = [];
    private readonly Queue<ulong> _oldest = [];

    public void Add(ChannelName channel)
    {
        if (!_names.Add(channel.ShardHash))
        {
            return;
        }

        _oldest.Enqueue(channel.ShardHash);
        if (_names.Count > max)
        {
            _names.Remove(_oldest.Dequeue());
        }
    }

    public bool Contains(ChannelName channel) => _names.Contains(channel.ShardHash);
}
