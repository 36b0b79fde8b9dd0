using Broker.Messages;

namespace Broker.Actors.Channels;

/// <summary>What the last emits with a key became, so that a repeat gets the same answer. Bounded by age and number.</summary>
internal sealed class IdempotencyKeys
{
    /// <summary>Milliseconds that a key is remembered.</summary>
    public const long AgeMs = 120_000;

    /// <summary>Keys remembered per channel; the oldest goes first.</summary>
    public const int MaxCount = 10_000;

    private readonly Dictionary<IdempotencyKey, EmitResult> _results = [];
    private readonly Queue<(IdempotencyKey Key, long AtMs)> _oldest = [];

    public int Count => _results.Count;

    public bool TryFind(IdempotencyKey key, long nowMs, out EmitResult result)
    {
        Expire(nowMs);
        return _results.TryGetValue(key, out result);
    }

    public void Add(IdempotencyKey key, in EmitResult result, long nowMs)
    {
        _results[key] = result;
        _oldest.Enqueue((key, nowMs));
        while (_oldest.Count > MaxCount)
        {
            _results.Remove(_oldest.Dequeue().Key);
        }
    }

    public void Expire(long nowMs)
    {
        while (_oldest.TryPeek(out var oldest) && oldest.AtMs <= nowMs - AgeMs)
        {
            _results.Remove(_oldest.Dequeue().Key);
        }
    }
}
