using System.Collections.Concurrent;

namespace Broker.Actors.Metrics;

/// <summary>Counters by something that has few values, such as a code. From any thread; for what is rare.</summary>
public sealed class CounterSet<TKey>
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Counter> _all = new();

    public IEnumerable<KeyValuePair<TKey, long>> All => _all.Select(counter => KeyValuePair.Create(counter.Key, counter.Value.Value));

    public long Sum => _all.Values.Sum(static counter => counter.Value);

    public long this[TKey key] => _all.TryGetValue(key, out var counter) ? counter.Value : 0;

    public void Add(TKey key, long amount = 1) => _all.GetOrAdd(key, static _ => new Counter()).Add(amount);
}
