using Broker.Actors.Loops;
using Broker.Messages;
using Broker.Messages.Cluster;

namespace Broker.Actors.Shards;

/// <summary>
/// What is large and goes to one node: it waits at its source, and goes on as the node acknowledges, so that it never
/// fills the link that it travels on. Items are made when they are sent.
/// </summary>
internal sealed class PacedSends(ShardActor shard) : WheelTimer
{
    private readonly Dictionary<Incarnation, Queue<IEnumerator<IEnumerable<NodeItem>>>> _waiting = [];

    /// <summary>Sends them behind what waits for that node already. The items of one group go together.</summary>
    public void Add(Incarnation to, IEnumerable<IEnumerable<NodeItem>> groups)
    {
        if (!_waiting.TryGetValue(to, out var queue))
        {
            _waiting.Add(to, queue = []);
        }

        queue.Enqueue(groups.GetEnumerator());
        Pump(to, queue);
        SetTimer();
    }

    public bool IsUnderWay(Incarnation to) => _waiting.ContainsKey(to);

    /// <summary>What waits for the node is not wanted any more.</summary>
    public void Drop(Incarnation to) => _waiting.Remove(to);

    public void Clear() => _waiting.Clear();

    protected internal override void Fire()
    {
        foreach (var (to, queue) in _waiting.ToArray())
        {
            Pump(to, queue);
        }

        SetTimer();
    }

    private void Pump(Incarnation to, Queue<IEnumerator<IEnumerable<NodeItem>>> queue)
    {
        while (queue.TryPeek(out var groups))
        {
            while (shard.Port.GaugeOf(to) is { IsHigh: false })
            {
                if (!groups.MoveNext())
                {
                    groups.Dispose();
                    queue.Dequeue();
                    break;
                }

                foreach (var item in groups.Current)
                {
                    shard.SendTo(to, item);
                }

                shard.Port.PostIfLarge(to);
            }

            if (shard.Port.GaugeOf(to) is not { IsHigh: false })
            {
                return;
            }
        }

        _waiting.Remove(to);
    }

    private void SetTimer()
    {
        if (_waiting.Count > 0 && !IsSet)
        {
            shard.Loop.Wheel.Set(this, shard.Loop.NowMs, TimerWheel.StepMs);
        }
    }
}
