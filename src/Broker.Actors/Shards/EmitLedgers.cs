using Broker.Actors.Channels;
using Broker.Messages;

namespace Broker.Actors.Shards;

/// <summary>What became of the emits of each node to each channel of a shard, as far as anybody may ask again.</summary>
internal sealed class EmitLedgers(ShardActor shard)
{
    private const long ForgetAfterMs = 10_000;

    private readonly Dictionary<(ChannelName Channel, Incarnation Node), EmitLedger> _ledgers = [];
    private readonly Dictionary<ChannelName, HashSet<Incarnation>> _nodesOf = [];

    /// <summary>Made where there is none; in use from now on.</summary>
    public EmitLedger Of(ChannelName channel, Incarnation node)
    {
        if (!_ledgers.TryGetValue((channel, node), out var ledger))
        {
            Add(channel, node, ledger = new EmitLedger(shard.Rules));
        }

        ledger.TouchedMs = shard.Loop.NowMs;
        return ledger;
    }

    /// <summary>The last number of each node's emits to a channel that became an event.</summary>
    public EmitId[] NumbersOf(ChannelName channel) =>
        _nodesOf.TryGetValue(channel, out var nodes) ? [.. nodes.Select(node => new EmitId(node, _ledgers[(channel, node)].LastOrdered)).Where(number => number.Number > 0)] : [];

    /// <summary>A node's emit has become an event.</summary>
    public void Ordered(ChannelName channel, in EmitId from)
    {
        if (_ledgers.TryGetValue((channel, from.Node), out var ledger))
        {
            ledger.Ordered(from.Number);
        }
    }

    /// <summary>What a channel's emits became under owners before this one.</summary>
    /// <param name="recent">Its last events.</param>
    public void Inherit(ChannelActor channel, IReadOnlyList<EmitId> numbers, IReadOnlyList<ChannelEvent> recent)
    {
        if (!shard.Rules.NumbersAreInherited)
        {
            return;
        }

        foreach (var number in numbers)
        {
            Add(channel.Name, number.Node, new EmitLedger(shard.Rules, number.Number));
        }

        foreach (var one in recent)
        {
            var result = new EmitResult(Refusal.None, one.Position, Receivers: 0);
            if (one.From.Number > 0 && _ledgers.TryGetValue((channel.Name, one.From.Node), out var ledger))
            {
                ledger.Inherit(one.From.Number, result);
            }

            if (one.Key is { } key)
            {
                channel.Remember(key, result, one.AtMs);
            }
        }
    }

    /// <summary>Lets go of what no open emit can need.</summary>
    public void Expire(long nowMs)
    {
        foreach (var (key, ledger) in _ledgers)
        {
            if (nowMs - ledger.TouchedMs > ForgetAfterMs)
            {
                Remove(key.Channel, key.Node);   // allowed while enumerating
            }
        }
    }

    public void Clear()
    {
        _ledgers.Clear();
        _nodesOf.Clear();
    }

    private void Add(ChannelName channel, Incarnation node, EmitLedger ledger)
    {
        ledger.TouchedMs = shard.Loop.NowMs;
        _ledgers[(channel, node)] = ledger;
        if (!_nodesOf.TryGetValue(channel, out var nodes))
        {
            _nodesOf.Add(channel, nodes = []);
        }

        nodes.Add(node);
    }

    private void Remove(ChannelName channel, Incarnation node)
    {
        _ledgers.Remove((channel, node));
        if (_nodesOf.TryGetValue(channel, out var nodes) && nodes.Remove(node) && nodes.Count == 0)
        {
            _nodesOf.Remove(channel);
        }
    }
}
