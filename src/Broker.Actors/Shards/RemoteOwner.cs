using Broker.Actors.Channels;
using Broker.Actors.Loops;
using Broker.Actors.Rooms;
using Broker.Messages;
using Broker.Messages.Cluster;

namespace Broker.Actors.Shards;

/// <summary>
/// A shard's dealings with its owner while that is another node, or nobody. Nothing is said while there is no way to it;
/// when there is one again, all that this node has is announced, and what is unanswered is sent again, in order.
/// </summary>
internal sealed class RemoteOwner : WheelTimer, IDeferred
{
    private const long QuestionMs = 3_000;
    private const long LookMs = 128;

    /// <summary>Milliseconds after which an owner that has not said that it listens is tried all the same.</summary>
    private const long TryMs = 1_000;

    private readonly ShardActor _shard;
    private readonly PendingEmits _emits;
    private readonly Dictionary<long, PendingQuestion> _questions = [];
    private readonly Dictionary<ChannelName, int> _counts = [];

    /// <summary>Rooms of which the owner has not heard since it is in place.</summary>
    private readonly HashSet<NodeRoom> _unannounced = [];
    private readonly SliceBuffer<ChannelEvent> _events = new();
    private readonly SliceBuffer<Member> _members = new();
    private long _lastTicket;
    private bool _isDeferred;
    private bool _isInPlace;
    private bool _isSendingAgain;
    private long _waitsSinceMs;

    public RemoteOwner(ShardActor shard, ShardOptions options)
    {
        _shard = shard;
        _emits = new PendingEmits(options, shard.Loop.Tally, shard.EmitsRefused);
    }

    public bool IsFull => _emits.IsFull;

    private bool IsWaitingForOwner => !_isInPlace && _shard.Owner is { } owner && owner != _shard.Self;

    private bool CanSend => _isInPlace && _shard.Owner is { } owner && owner != _shard.Self && _shard.Port.IsUp(owner);

    // From this node

    /// <summary>What rooms tell their channel. Dropped while there is no way: the next announcement says it.</summary>
    public void Tell(ChannelName channel, ChannelInput input)
    {
        if (!CanSend)
        {
            return;
        }

        if (input is ChannelInput.Count count)
        {
            _counts[channel] = count.Subscribers;   // many at once become one
            FlushThisTick();
            return;
        }

        if (ItemOf(channel, input) is { } item)
        {
            Send(item);
        }
    }

    /// <param name="atMs">Since when it has waited.</param>
    public void Emit(ChannelInput.Emit emit, long atMs)
    {
        var pending = _emits.Add(emit, atMs);
        SetTimer();
        if (!CanSend || _isSendingAgain)
        {
            return;   // behind those before it
        }

        if (_shard.Port.GaugeOf(_shard.Owner!.Value) is { IsFull: true })
        {
            SendOpen();
        }
        else
        {
            AnnounceFirst(pending);
            Send(pending);
        }
    }

    public void Ask(ShardMessage.History ask) => Ask(
        ask.Channel, new NodeItem.AskHistory(ask.Channel, ask.Since, ask.Limit, ask.Backward, ++_lastTicket), ask, ask.Question);

    public void Ask(ShardMessage.Presence ask) => Ask(ask.Channel, new NodeItem.AskPresence(ask.Channel, ++_lastTicket), ask, ask.Question);

    // From the directory and the links

    /// <summary>
    /// Another owner, another term, or nobody. What the old one was sent of a live channel is its secret; of others the new one
    /// knows what was held.
    /// </summary>
    public void OwnerChanged()
    {
        _isInPlace = false;
        _waitsSinceMs = _shard.Loop.NowMs;
        SetTimer();
        if (_shard.Rules.SentEmitsEndWithTheirOwner)
        {
            _emits.FailSent(_shard.IsLiveChannel);
        }

        Resync();
    }

    /// <summary>The owner orders, and listens.</summary>
    public void InPlace()
    {
        _isInPlace = true;
        Resync();
    }

    /// <summary>Begins anew with the owner, where there is a way to it.</summary>
    public void Resync()
    {
        _counts.Clear();
        _events.Clear();
        _members.Clear();
        _unannounced.Clear();
        _isSendingAgain = false;
        if (!CanSend)
        {
            return;
        }

        _shard.DropPaced(_shard.Owner!.Value);
        _unannounced.UnionWith(_shard.Rooms);
        Send(new NodeItem.AnnounceBegin());
        foreach (var question in _questions.Values)
        {
            Send(question.Item);
        }

        _emits.MarkUnsent();
        SendOpen();
        _shard.SendPaced(_shard.Owner!.Value, Announcement());
    }

    /// <summary>This node is the owner now: what was not sent is ordered here, what is asked is answered here.</summary>
    public void Settle()
    {
        _isInPlace = false;
        _emits.FailSent(_shard.IsLiveChannel);
        _counts.Clear();
        _events.Clear();
        _members.Clear();
        _unannounced.Clear();
        var (emits, questions) = (_emits.TakeAll(), _questions.Values.ToArray());
        _questions.Clear();
        _shard.Loop.Wheel.Cancel(this);
        foreach (var emit in emits)
        {
            _shard.TakeOwnAgain(emit);
        }

        foreach (var question in questions)
        {
            _shard.Deliver(question.Asked);
        }
    }

    // From the owner

    public void Take(NodeItem item)
    {
        switch (item)
        {
            case NodeItem.Emitted emitted: _emits.Answer(emitted.Channel, emitted.Number, emitted.Result); _shard.WakeWaiting(); break;
            case NodeItem.SendAgain again: SendAgain(again.Channel); break;
            case NodeItem.Event ordered: TakeEvent(ordered.Ordered); break;
            case NodeItem.Interested interested: TakeInterested(interested); break;
            case NodeItem.MemberCame came: _shard.FindRoom(came.Channel)?.Take(new RoomInput.MemberCame(came.Member)); break;
            case NodeItem.MemberWent went: _shard.FindRoom(went.Channel)?.Take(new RoomInput.MemberWent(went.UserId)); break;
            case NodeItem.MemberList list: TakeMembers(list); break;
            case NodeItem.MemberDigests digests:
                _shard.FindRoom(digests.Channel)?.Take(new RoomInput.MemberDigests(digests.Key, digests.Sums));
                break;
            case NodeItem.MemberBuckets buckets: TakeBuckets(buckets); break;
            case NodeItem.JoinAnswered answered:
                _shard.FindRoom(answered.Channel)?.Take(new RoomInput.JoinAnswered(answered.Ticket, answered.Refusal));
                break;
            case NodeItem.Recovered recovered: TakeRecovered(recovered); break;
            case NodeItem.History history: TakeHistory(history); break;
            case NodeItem.Presence presence: TakePresence(presence); break;
        }
    }

    /// <summary>Whom this node took for the owner says that it is not, or does not know yet: nothing was done.</summary>
    public void SentAway()
    {
        _emits.MarkUnsent();
        _isInPlace = false;
        _waitsSinceMs = _shard.Loop.NowMs;
        SetTimer();
    }

    /// <summary>The Drained phase: the counts that have gathered.</summary>
    public void Run()
    {
        _isDeferred = false;
        SendCounts();
    }

    protected internal override void Fire()
    {
        var now = _shard.Loop.NowMs;
        if (IsWaitingForOwner && now - _waitsSinceMs >= TryMs)
        {
            _waitsSinceMs = now;
            InPlace();
        }

        _emits.Expire(now);
        foreach (var (ticket, question) in _questions)
        {
            if (now - question.AskedAtMs >= QuestionMs)
            {
                _questions.Remove(ticket);   // allowed while enumerating
                question.Origin.Answer(question.Unavailable);
            }
        }

        _shard.WakeWaiting();
        SetTimer();
    }

    /// <summary>What is open and not sent, in order, as the owner takes it; and behind it what comes meanwhile.</summary>
    private void SendOpen()
    {
        _isSendingAgain = true;
        _shard.SendPaced(_shard.Owner!.Value, Open());

        IEnumerable<IEnumerable<NodeItem>> Open()
        {
            for (var unsent = _emits.Unsent(); unsent.Length > 0; unsent = _emits.Unsent())
            {
                foreach (var pending in unsent)
                {
                    if (!CanSend)
                    {
                        _isSendingAgain = false;
                        yield break;   // all that is open goes again when there is a way
                    }

                    if (!pending.IsDone)
                    {
                        AnnounceFirst(pending);
                        Send(pending);
                    }

                    yield return [];
                }
            }

            _isSendingAgain = false;
        }
    }

    /// <summary>Who emits hears of it, as soon as anybody does: rooms that nobody emits to may be announced later.</summary>
    private void AnnounceFirst(PendingEmit pending)
    {
        if (_unannounced.Count > 0 && _shard.FindRoom(pending.Emit.Channel) is { } room)
        {
            Announce(room);
        }
    }

    private void Announce(NodeRoom room)
    {
        if (_unannounced.Remove(room))
        {
            room.AskAgain();
        }
    }

    /// <summary>What this node has in the shard, room by room; each says itself what it has.</summary>
    private IEnumerable<IEnumerable<NodeItem>> Announcement()
    {
        foreach (var room in _shard.Rooms)
        {
            if (!CanSend)
            {
                yield break;   // what rooms say now is dropped: all is said again when there is a way
            }

            Announce(room);
            yield return [];
        }

        if (CanSend)
        {
            SendCounts();
            yield return [new NodeItem.AnnounceEnd()];
        }
    }

    private static NodeItem? ItemOf(ChannelName channel, ChannelInput input) => input switch
    {
        ChannelInput.Interest interest => new NodeItem.Interest(channel, interest.Have, interest.Subscribers, interest.KnowsMembers),
        ChannelInput.Uninterest => new NodeItem.Uninterest(channel),
        ChannelInput.Join join => new NodeItem.Join(channel, join.Session.Number, join.UserId, join.Info, join.Ticket),
        ChannelInput.Leave leave => new NodeItem.Leave(channel, leave.Session.Number, leave.UserId),
        ChannelInput.PullMembers pull => new NodeItem.PullMembers(channel, pull.Key, pull.Buckets),
        ChannelInput.Repair repair => new NodeItem.Repair(channel, repair.Have),
        ChannelInput.Recover recover => new NodeItem.Recover(channel, recover.Since, recover.Ticket),
        _ => null,
    };

    private void Ask(ChannelName channel, NodeItem item, ShardMessage asked, IQuestion origin)
    {
        _questions.Add(_lastTicket, new PendingQuestion(channel, item, asked, origin, _shard.Loop.NowMs));
        SetTimer();
        if (CanSend)
        {
            Send(item);
        }
    }

    private void Send(NodeItem item)
    {
        SendCounts();
        _shard.SendTo(_shard.Owner!.Value, item);
    }

    private void Send(PendingEmit pending)
    {
        if (pending.Emit.Cause.Trace is { } trace)
        {
            Send(new NodeItem.Trace(trace.ToString()));
        }

        Send(_emits.ItemOf(pending));
        pending.IsSent = true;
        pending.IsOnItsWay = true;
    }

    private void SendCounts()
    {
        if (_counts.Count == 0)
        {
            return;
        }

        var counts = _counts.ToArray();
        _counts.Clear();
        if (CanSend)
        {
            foreach (var (channel, count) in counts)
            {
                Send(new NodeItem.Count(channel, count));
            }
        }
    }

    private void SendAgain(ChannelName channel)
    {
        foreach (var pending in _emits.Of(channel))
        {
            Send(pending);
        }
    }

    private void TakeEvent(ChannelEvent ordered)
    {
        if (_shard.FindRoom(ordered.Channel) is { } room)
        {
            room.Take(ordered, new Cause(ReceivedAt: 0, _shard.TakeTrace()));
        }
        else
        {
            Send(new NodeItem.Uninterest(ordered.Channel));
        }
    }

    private void TakeInterested(NodeItem.Interested item)
    {
        if (_events.Add(item.GetType(), item.Channel, ticket: 0, item.Events, item.HasMore) is { } missed)
        {
            _shard.FindRoom(item.Channel)?.Take(new RoomInput.Interested(
                Stream: null, item.Position, item.LastTerm, item.Boundaries, item.IsReset ? null : [.. missed], item.Asked));
        }
    }

    private void TakeMembers(NodeItem.MemberList item)
    {
        if (_members.Add(item.GetType(), item.Channel, ticket: 0, item.Members, item.HasMore) is { } members)
        {
            _shard.FindRoom(item.Channel)?.Take(new RoomInput.MemberList(members));
        }
    }

    private void TakeBuckets(NodeItem.MemberBuckets item)
    {
        if (_members.Add(item.GetType(), item.Channel, ticket: 0, item.Members, item.HasMore) is { } members)
        {
            _shard.FindRoom(item.Channel)?.Take(new RoomInput.MemberBuckets(item.Key, item.Buckets, members));
        }
    }

    private void TakeRecovered(NodeItem.Recovered item)
    {
        if (_events.Add(item.GetType(), item.Channel, item.Ticket, item.Events, item.HasMore) is { } missed)
        {
            _shard.FindRoom(item.Channel)?.Take(new RoomInput.Recovered(item.Ticket, new Recovery(item.IsRecovered, [.. missed])));
        }
    }

    private void TakeHistory(NodeItem.History item)
    {
        if (_events.Add(item.GetType(), item.Channel, item.Ticket, item.Events, item.HasMore) is { } events
            && _questions.Remove(item.Ticket, out var question))
        {
            question.Origin.Answer(new HistoryPage(item.Refusal, item.Position, events));
        }
    }

    private void TakePresence(NodeItem.Presence item)
    {
        if (_members.Add(item.GetType(), item.Channel, item.Ticket, item.Members, item.HasMore) is { } members
            && _questions.Remove(item.Ticket, out var question))
        {
            question.Origin.Answer(new PresencePage(item.Refusal, members, item.Connections, item.Subscribers));
        }
    }

    private void SetTimer()
    {
        if (!IsSet && (_emits.Count > 0 || _questions.Count > 0 || IsWaitingForOwner))
        {
            _shard.Loop.Wheel.Set(this, _shard.Loop.NowMs, LookMs);
        }
    }

    private void FlushThisTick()
    {
        if (!_isDeferred)
        {
            _isDeferred = true;
            _shard.Loop.Defer(LoopPhase.Drained, this);
        }
    }
}
