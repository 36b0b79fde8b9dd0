using Broker.Actors.Loops;
using Broker.Messages;
using Broker.Messages.Cluster;

namespace Broker.Actors.Shards;

/// <summary>
/// What a node does between its claim of a shard and its first event there (cluster protocol, R4): asks every node what it
/// has of the shard, which also tells them that the old owner is relieved; merges the answers; and fetches the events that
/// it lacks. Nothing is ordered meanwhile. While its own bus is stale it is not in place: it may be relieved already.
/// </summary>
/// <param name="others">The other live nodes.</param>
/// <param name="named">The shard's holders as the claim found them, whether they live or not.</param>
/// <param name="absent">Those of them that are not there, and may come back with what they hold.</param>
internal sealed class TakeOver(
    ShardActor shard, IReadOnlyCollection<Incarnation> others, IReadOnlyCollection<Incarnation> named, IReadOnlyCollection<Incarnation> absent) : WheelTimer
{
    /// <summary>Milliseconds after which those are asked again who have not answered.</summary>
    private const long AskAgainMs = 250;

    /// <summary>Milliseconds after which nobody is waited for but one of the shard's holders.</summary>
    private const long WaitMs = 1_000;

    /// <summary>Milliseconds that an absent holder is waited for: it may be frozen, or cut off.</summary>
    private const long AbsentMs = 30_000;

    /// <summary>Channels whose events are fetched at a time.</summary>
    private const int FetchedAtATime = 16;

    private readonly HashSet<Incarnation> _missing = [.. others];
    private readonly HashSet<Incarnation> _absent = shard.Rules.UnleasedHoldersAreWaitedFor ? [.. absent] : [];
    private readonly HashSet<Incarnation> _holders =
        [.. named.Where(node => node == shard.Self || others.Contains(node) || (shard.Rules.UnleasedHoldersAreWaitedFor && absent.Contains(node)))];
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
            case NodeItem.HoldingsEnd when _told.ContainsKey(from): Told(from); break;
            case NodeItem.Fetched fetched when _fetching.TryGetValue(fetched.Channel, out var fetch): Take(fetch, from, fetched); break;
        }
    }

    /// <summary>The node will not answer: what it alone had is lost, unless it is a holder that may come back with it.</summary>
    public void Gone(Incarnation node, bool mayReturn)
    {
        if (mayReturn && _holders.Contains(node) && shard.Rules.UnleasedHoldersAreWaitedFor)
        {
            Miss(node);
            return;
        }

        _gone.Add(node);
        _holders.Remove(node);
        _missing.Remove(node);
        _absent.Remove(node);
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

    /// <summary>The node has a link, for the first time or again: who was taken for dead may be back with what it held.</summary>
    public void Returned(Incarnation node)
    {
        if (_isMerging)
        {
            if (_absent.Remove(node))
            {
                Resync(node);
            }
        }
        else if (!_told.ContainsKey(node) && !_absent.Contains(node))
        {
            _gone.Remove(node);
            _missing.Add(node);
            if (named.Contains(node))
            {
                _holders.Add(node);
            }

            shard.SendOutside(node, new NodeItem.Collect());
        }
    }

    protected internal override void Fire()
    {
        if (_isMerging)
        {
            foreach (var node in _absent.ToArray())
            {
                Gone(node, mayReturn: false);   // it has told, and does not come back with it
            }
        }
        else
        {
            MergeIfAllIsTold();
        }

        if (!_isMerging)
        {
            Ask();
        }
    }

    /// <summary>One of those who held all that was answered has told, or none of them ever will.</summary>
    private bool HasHolder => _holders.Count == 0 || _holders.Any(holder => !_missing.Contains(holder) && !_absent.Contains(holder));

    private bool IsTooLateForAbsent => shard.Loop.NowMs - _startedAtMs >= AbsentMs && !_holders.Any(_missing.Contains);

    private void Ask()
    {
        foreach (var node in _missing.Union(_absent))
        {
            shard.SendOutside(node, new NodeItem.Collect());
        }

        shard.Loop.Wheel.Set(this, shard.Loop.NowMs, AskAgainMs);
    }

    private void Told(Incarnation from)
    {
        _missing.Remove(from);
        _absent.Remove(from);
        MergeIfAllIsTold();
    }

    private void Miss(Incarnation node)
    {
        if (_isMerging)
        {
            if (_told.ContainsKey(node) && _absent.Add(node) && !IsSet)
            {
                shard.Loop.Wheel.Set(this, shard.Loop.NowMs, AbsentMs);
            }
        }
        else if (_missing.Remove(node))
        {
            _absent.Add(node);
            _told.Remove(node);
            MergeIfAllIsTold();
        }
    }

    private void MergeIfAllIsTold()
    {
        var isLate = shard.Loop.NowMs - _startedAtMs >= WaitMs;
        if (_isMerging || !shard.Port.IsFresh || (_missing.Count > 0 && !isLate) || !(HasHolder || IsTooLateForAbsent))
        {
            return;
        }

        _isMerging = true;
        _absent.Clear();
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

        if (fetch.IsShort)
        {
            _fetching.Remove(fetch.Plan.Channel);
            _channels.Enqueue(fetch.Copies);
            GoOn();
        }
        else if (fetch.IsComplete)
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
