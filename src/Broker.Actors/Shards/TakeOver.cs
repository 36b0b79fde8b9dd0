using Broker.Actors.Loops;
using Broker.Messages;
using Broker.Messages.Cluster;

namespace Broker.Actors.Shards;

/// <summary>
/// What a node does between its claim of a shard and its first event there (cluster protocol, R4): asks every node what it
/// has of the shard, which also tells them that the old owner is relieved; merges the answers; and fetches the events that
/// it lacks. Nothing is ordered meanwhile.
/// </summary>
internal sealed class TakeOver(ShardActor shard, IEnumerable<Incarnation> others, IEnumerable<Incarnation> holders) : WheelTimer
{
    /// <summary>Milliseconds after which those are asked again who have not answered.</summary>
    private const long AskAgainMs = 250;

    /// <summary>Milliseconds after which nobody is waited for but the shard's holders.</summary>
    private const long WaitMs = 1_000;

    /// <summary>Channels whose events are fetched at a time.</summary>
    private const int FetchedAtATime = 16;

    private readonly HashSet<Incarnation> _missing = [.. others];
    private readonly HashSet<Incarnation> _holders = [.. holders];
    private readonly HashSet<Incarnation> _gone = [];
    private readonly Dictionary<Incarnation, List<NodeItem.Holding>> _told = [];
    private readonly Queue<List<(Incarnation Node, NodeItem.Holding Holding)>> _channels = [];
    private readonly Dictionary<ChannelName, ChannelFetch> _fetching = [];
    private readonly long _startedAtMs = shard.Loop.NowMs;
    private bool _isMerging;

    public void Start()
    {
        Ask();
        MergeIfAllIsTold();
    }

    public void Take(Incarnation from, NodeItem item)
    {
        switch (item)
        {
            case NodeItem.HoldingsBegin: _told[from] = []; break;
            case NodeItem.Holding holding when _told.TryGetValue(from, out var told): told.Add(holding); break;
            case NodeItem.HoldingsEnd when _told.ContainsKey(from): _missing.Remove(from); MergeIfAllIsTold(); break;
            case NodeItem.Fetched fetched when _fetching.TryGetValue(fetched.Channel, out var fetch): Take(fetch, from, fetched); break;
        }
    }

    /// <summary>The node will not answer: what it alone had is lost.</summary>
    public void Gone(Incarnation node)
    {
        _gone.Add(node);
        _missing.Remove(node);
        _told.Remove(node);
        if (!_isMerging)
        {
            MergeIfAllIsTold();
            return;
        }

        foreach (var fetch in _fetching.Values.Where(fetch => fetch.Waits(node)).ToArray())
        {
            _fetching.Remove(fetch.Plan.Channel);
            _channels.Enqueue(fetch.Copies);
        }

        GoOn();
    }

    /// <summary>What was asked of the node, or answered, may be lost.</summary>
    public void Resync(Incarnation node)
    {
        if (!_isMerging && _missing.Contains(node))
        {
            _told.Remove(node);
            shard.SendOutside(node, new NodeItem.Collect());
            return;
        }

        foreach (var fetch in _fetching.Values.Where(fetch => fetch.Waits(node)))
        {
            Ask(fetch);
        }
    }

    protected internal override void Fire()
    {
        if (!_isMerging)
        {
            MergeIfAllIsTold();
        }

        if (!_isMerging)
        {
            Ask();
        }
    }

    private void Ask()
    {
        foreach (var node in _missing)
        {
            shard.SendOutside(node, new NodeItem.Collect());
        }

        shard.Loop.Wheel.Set(this, shard.Loop.NowMs, AskAgainMs);
    }

    private void MergeIfAllIsTold()
    {
        var isLate = shard.Loop.NowMs - _startedAtMs >= WaitMs;
        if (_isMerging || (_missing.Count > 0 && (!isLate || _missing.Overlaps(_holders))))
        {
            return;
        }

        _isMerging = true;
        shard.Loop.Wheel.Cancel(this);
        var copies = shard.OwnHoldings().Select(holding => (Node: shard.Self, Holding: holding))
            .Concat(_told.SelectMany(told => told.Value.Select(holding => (Node: told.Key, Holding: holding))));
        foreach (var channel in copies.GroupBy(copy => copy.Holding.Channel))
        {
            _channels.Enqueue([.. channel]);
        }

        GoOn();
    }

    private void GoOn()
    {
        while (_fetching.Count < FetchedAtATime && _channels.TryDequeue(out var copies))
        {
            copies.RemoveAll(copy => _gone.Contains(copy.Node));
            if (copies.Count == 0)
            {
                continue;
            }

            var fetch = new ChannelFetch(StreamMerge.Plan(shard.Self, copies), copies, shard.Self);
            if (fetch.IsComplete)
            {
                shard.Adopt(fetch);
            }
            else
            {
                _fetching.Add(fetch.Plan.Channel, fetch);
                Ask(fetch);
            }
        }

        if (_fetching.Count == 0 && _channels.Count == 0)
        {
            shard.TakenOver();
        }
    }

    private void Ask(ChannelFetch fetch)
    {
        fetch.Restart();
        shard.SendTo(fetch.Next.Node, new NodeItem.Fetch(fetch.Plan.Channel, fetch.Next.From, fetch.Next.To));
    }

    private void Take(ChannelFetch fetch, Incarnation from, NodeItem.Fetched fetched)
    {
        if (!fetch.Waits(from) || !fetch.Take(fetched.Events, fetched.HasMore))
        {
            return;
        }

        if (fetch.IsComplete)
        {
            _fetching.Remove(fetch.Plan.Channel);
            shard.Adopt(fetch);
            GoOn();
        }
        else
        {
            Ask(fetch);
        }
    }
}
