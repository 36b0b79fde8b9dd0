using Broker.Actors.Metrics;
using Microsoft.Extensions.Logging;

namespace Broker.Actors.Loops;

/// <summary>A node's loops. Shards are pinned to them by number, connections as they come.</summary>
public sealed class LoopGroup : IDisposable
{
    /// <summary>Loops unless told otherwise: one per core, this many at most.</summary>
    public const int DefaultMax = 8;

    private readonly Loop[] _loops;

    public LoopGroup(int count, Func<int, ILoopPoller> poller, TimeProvider time, ILogger logger)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        _loops = [.. Enumerable.Range(0, count).Select(index => new Loop(index, poller(index), time, logger))];
    }

    public int Count => _loops.Length;

    public Loop this[int index] => _loops[index];

    public IReadOnlyList<Loop> All => _loops;

    /// <summary>A count over all loops.</summary>
    public long Sum(Func<LoopTally, long> count) => _loops.Sum(loop => count(loop.Tally));

    public static int CountFor(int wanted) => wanted > 0 ? wanted : Math.Min(Environment.ProcessorCount, DefaultMax);

    public void Start()
    {
        foreach (var loop in _loops)
        {
            loop.Start();
        }
    }

    public void Dispose()
    {
        foreach (var loop in _loops)
        {
            loop.Dispose();
        }
    }
}
