using Broker.Actors.Loops;
using Broker.Messages;
using Broker.Messages.Cluster;

namespace Broker.Actors.Shards;

/// <summary>
/// What a node does between its claim of a shard and its first event there (cluster protocol, R4): asks every node what it
/// has of the shard, which also tells them that the old owner is relieved; merges the answers; and fetches the events that
/// it lacks. Nothing is ordered meanwhile.
/// </summary>
/// <param name="others">The other live nodes.</param>
/// <param name="named">The shard's holders as the claim found them, whether they live or not.</param>
/// <param name="unleased">Those of them whose lease has ended, and that nobody has found dead.</param>
internal sealed class TakeOver(
    ShardActor shard, IReadOnlyCollection<Incarnation> others, IReadOnlyCollection<Incarnation> named, IReadOnlyCollection<Incarnation> unleased) : WheelTimer
{
    /// <summary>Milliseconds after which those are asked again who have not answered.</summary>
    private const long AskAgainMs = 250;

    /// <summary>Milliseconds after which nobody is waited for but one of the shard's holders.</summary>
    private const long WaitMs = 1_000;

    /// <summary>Milliseconds that a holder without a lease is waited for: it may be frozen, or cut from the authority.</summary>
    private const long UnleasedMs = 30_000;

    /// <summary>Channels whose events are fetched at a time.</summary>
    private const int FetchedAtATime = 16;

    private readonly HashSet<Incarnation> _missing = [.. others];
    private readonly HashSet<Incarnation> _unleased = shard.Rules.UnleasedHoldersAreWaitedFor ? [.. unleased] : [];
    private readonly HashSet<Incarnation> _holders =
        [.. named.Where(node => node == shard.Self || others.Contains(node) || (shard.Rules.UnleasedHoldersAreWaitedFor && unleased.Contains(node)))];
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

    /// <summary>The node will not answer: what it alone had is lost. A holder that is not dead may come back with it.</summary>
    public void Gone(Incarnation node, bool isDead)
    {
        if (!isDead && _holders.Contains(node) && shard.Rules.UnleasedHoldersAreWaitedFor)
        {
            MissLease(node);
            return;
        }

        _gone.Add(node);
        _holders.Remove(node);
        _missing.Remove(node);
        _unleased.Remove(node);
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
            if (_unleased.Remove(node))
            {
                Resync(node);
            }
        }
        else if (!_told.ContainsKey(node) && !_unleased.Contains(node))
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
            foreach (var node in _unleased.ToArray())
            {
                Gone(node, isDead: true);   // it has told, and does not come back with it
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
    private bool HasHolder => _holders.Count == 0 || _holders.Any(holder => !_missing.Contains(holder) && !_unleased.Contains(holder));

    private bool IsTooLateForUnleased => shard.Loop.NowMs - _startedAtMs >= UnleasedMs && !_holders.Any(_missing.Contains);

    private void Ask()
    {
        foreach (var node in _missing.Union(_unleased))
        {
            shard.SendOutside(node, new NodeItem.Collect());
        }

        shard.Loop.Wheel.Set(this, shard.Loop.NowMs, AskAgainMs);
    }

    private void Told(Incarnation from)
    {
        _missing.Remove(from);
        _unleased.Remove(from);
        MergeIfAllIsTold();
    }

    private void MissLease(Incarnation node)
    {
        if (_isMerging)
        {
            if (_told.ContainsKey(node) && _unleased.Add(node) && !IsSet)
            {
                shard.Loop.Wheel.Set(this, shard.Loop.NowMs, UnleasedMs);
            }
        }
        else if (_missing.Remove(node))
        {
            _unleased.Add(node);
            _told.Remove(node);
            MergeIfAllIsTold();
        }
    }

    private void MergeIfAllIsTold()
    {
        var isLate = shard.Loop.NowMs - _startedAtMs >= WaitMs;
        if (_isMerging || (_missing.Count > 0 && !isLate) || !(HasHolder || IsTooLateForUnleased))
        {
            return;
        }

        _isMerging = true;
        _unleased.Clear();
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
