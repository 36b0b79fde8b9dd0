using System.Diagnostics;
using System.Runtime.InteropServices;
using Broker.Actors.Presence;
using Broker.Messages;

namespace Broker.Actors.Channels;

/// <summary>
/// One channel at its owner: order, window, presence, counts, who receives what. No thread, no clock, no I/O, no random
/// of its own: its shard's loop steps it.
/// </summary>
internal sealed class ChannelActor
{
    private readonly Dictionary<Incarnation, int> _subscribers = [];
    private readonly ChannelStream _stream;
    private readonly Members _members;
    private readonly ChannelOptions _options;
    private IdempotencyKeys? _keys;
    private bool _hadSubscribers;

    /// <param name="life">Random; names this life of the channel's stream.</param>
    /// <param name="term">The shard's term at its owner.</param>
    public ChannelActor(ChannelName name, ulong life, long term, ChannelOptions options, HistoryBudget budget)
    {
        Name = name;
        _options = options;
        _stream = new ChannelStream(name, life, term, options, budget);
        _members = new Members(options.MaxMembers);
    }

    /// <summary>Goes on with a stream that another owner began.</summary>
    public ChannelActor(ChannelStream stream, ChannelOptions options)
    {
        Name = stream.Channel;
        _options = options;
        _stream = stream;
        _members = new Members(options.MaxMembers);
    }

    public ChannelName Name { get; }

    /// <summary>True when nothing is kept of its events: they are answered as soon as they are ordered.</summary>
    public bool IsLive => _options.IsLive;

    public ChannelStream Stream => _stream;

    /// <summary>The nodes that get its events.</summary>
    public IReadOnlyCollection<Incarnation> InterestedNodes => _subscribers.Keys;

    /// <summary>Who is here.</summary>
    public Members Members => _members;

    /// <summary>Subscriptions over all nodes.</summary>
    public int Subscribers { get; private set; }

    /// <summary>True once somebody has been in it or emitted to it; false for one that was only asked about.</summary>
    public bool Exists => _hadSubscribers || _stream.Offset > 0;

    /// <summary>True when nobody would notice if the channel were forgotten, with its life.</summary>
    public bool IsForgettable => _subscribers.Count == 0 && _members.Count == 0 && _stream.Window.Count == 0 && _keys is not { Count: > 0 };

    /// <summary>True when a node other than this one gets its events.</summary>
    public bool HasInterestBeyond(Incarnation self) =>
        _subscribers.Count > 1 || (_subscribers.Count == 1 && !_subscribers.ContainsKey(self));

    /// <summary>True when the node gets its events.</summary>
    public bool IsInterested(Incarnation node) => _subscribers.ContainsKey(node);

    /// <summary>Takes over the other nodes' subscribers and members from a channel that lost its life to a bug.</summary>
    public void Inherit(ChannelActor late, Incarnation self)
    {
        _hadSubscribers |= late.Exists;
        foreach (var (node, count) in late._subscribers.Where(node => node.Key != self))
        {
            _subscribers[node] = count;
            Subscribers += count;
            foreach (var (session, userId) in late._members.Of(node))
            {
                _members.Join(session, userId, late._members.Find(userId)!.Info);
            }
        }
    }

    /// <summary>What emits with a key became before this owner's time.</summary>
    public void Remember(IdempotencyKey key, in EmitResult result, long atMs) => (_keys ??= new IdempotencyKeys()).Add(key, result, atMs);

    /// <param name="unixMs">The owner's clock, milliseconds since 1970.</param>
    public void Step(ChannelInput input, long unixMs, Effects effects)
    {
        switch (input)
        {
            case ChannelInput.Emit emit: Order(emit, unixMs, effects); break;
            case ChannelInput.Count count: Recount(count); break;
            case ChannelInput.Interest interest: Admit(interest, unixMs, effects); break;
            case ChannelInput.Uninterest uninterest: Drop(uninterest.Node); break;
            case ChannelInput.Join join: Join(join, effects); break;
            case ChannelInput.Leave leave: Leave(leave.Session, leave.UserId, effects); break;
            case ChannelInput.PullMembers pull: ListMembers(pull, effects); break;
            case ChannelInput.Repair repair: Repair(repair, effects); break;
            case ChannelInput.Recover recover: Recover(recover, unixMs, effects); break;
            case ChannelInput.History history: ReadHistory(history, unixMs, effects); break;
            case ChannelInput.WhoIsHere who: effects.Reply(who.Origin, Page()); break;
            case ChannelInput.NodeGone gone: Forget(gone.Node, effects); break;
            case ChannelInput.Expire: Expire(unixMs); break;
            default: throw new UnreachableException();
        }
    }

    private void Order(ChannelInput.Emit emit, long unixMs, Effects effects)
    {
        if (emit.Key is { } repeated && _keys is not null && _keys.TryFind(repeated, unixMs, out var earlier))
        {
            effects.Answer(emit, earlier);
            return;
        }

        var ordered = new ChannelEvent
        {
            Channel = Name,
            Epoch = _stream.Epoch,
            PreviousTerm = _stream.LastTerm,
            Offset = _stream.Offset + 1,
            AtMs = unixMs,
            Name = emit.Name,
            Data = emit.Data,
            Verbatim = emit.Verbatim,
            Except = emit.Except,
            Key = emit.Key,
            From = emit.From,
        };
        _stream.Append(ordered);
        var receivers = Subscribers - (emit.ExceptIsSubscriber ? 1 : 0);
        var result = new EmitResult(Refusal.None, ordered.Position, Math.Max(receivers, 0));
        if (emit.Key is { } key)
        {
            (_keys ??= new IdempotencyKeys()).Add(key, result, unixMs);
        }

        effects.Publish(ordered);
        effects.Answer(emit, result);
    }

    private void Admit(ChannelInput.Interest interest, long unixMs, Effects effects)
    {
        _hadSubscribers = true;
        Recount(interest.Node, interest.Subscribers);
        _stream.Window.Expire(unixMs);
        var missed = interest.Have is not { } have ? []   // who had nothing lacks nothing: what it has got since is not broken by this
            : _stream.Recover(have) is { Recovered: true } recovery ? recovery.Missed
            : null;
        effects.ToRoom(interest.Node, new RoomInput.Interested(_stream, _stream.Position, _stream.LastTerm, _stream.Boundaries, missed, interest.Have));
    }

    private void Repair(ChannelInput.Repair repair, Effects effects)
    {
        if (_subscribers.ContainsKey(repair.Node))
        {
            var recovery = _stream.Recover(repair.Have);
            effects.ToRoom(repair.Node, new RoomInput.Interested(
                _stream, _stream.Position, _stream.LastTerm, _stream.Boundaries, recovery.Recovered ? recovery.Missed : null, repair.Have));
        }
    }

    private void Recover(ChannelInput.Recover recover, long unixMs, Effects effects)
    {
        _stream.Window.Expire(unixMs);
        effects.ToRoom(recover.Node, new RoomInput.Recovered(recover.Ticket, _stream.Recover(recover.Since)));
    }

    private void Recount(ChannelInput.Count count)
    {
        if (_subscribers.ContainsKey(count.Node))
        {
            Recount(count.Node, count.Subscribers);
        }
    }

    private void Recount(Incarnation node, int subscribers)
    {
        ref var counted = ref CollectionsMarshal.GetValueRefOrAddDefault(_subscribers, node, out _);
        Subscribers += subscribers - counted;
        counted = subscribers;
    }

    private void Drop(Incarnation node)
    {
        if (_subscribers.Remove(node, out var count))
        {
            Subscribers -= count;
        }
    }

    private void Join(ChannelInput.Join join, Effects effects)
    {
        var change = _members.Join(join.Session, join.UserId, join.Info);
        if (change == MemberChange.Came && !join.IsAgain)
        {
            effects.ToRooms(new RoomInput.MemberCame(_members.Find(join.UserId)!));
        }

        var refusal = change == MemberChange.Full ? Refusal.TooManyMembers : Refusal.None;
        effects.ToRoom(join.Session.Node, new RoomInput.JoinAnswered(join.Ticket, refusal));
    }

    private void Leave(SessionId session, string userId, Effects effects)
    {
        if (_members.Leave(session, userId) == MemberChange.Went)
        {
            effects.ToRooms(new RoomInput.MemberWent(userId));
        }
    }

    private void Forget(Incarnation node, Effects effects)
    {
        Drop(node);
        foreach (var (session, userId) in _members.Of(node))
        {
            Leave(session, userId, effects);
        }
    }

    private void ListMembers(ChannelInput.PullMembers pull, Effects effects)
    {
        if (_subscribers.ContainsKey(pull.Node))
        {
            effects.ToRoom(pull.Node, pull.Buckets.Count < MemberDigest.Buckets
                ? new RoomInput.MemberBuckets(pull.Key, pull.Buckets, _members.In(pull.Key, pull.Buckets))
                : new RoomInput.MemberList(_members.All()));
        }
    }

    private void ReadHistory(ChannelInput.History history, long unixMs, Effects effects)
    {
        var window = _stream.Window;
        var limit = Math.Max(history.Limit, 0);
        window.Expire(unixMs);
        if (history.Since is { } since && !_stream.Contains(since))
        {
            effects.Reply(history.Origin, new HistoryPage(Refusal.None, _stream.Position, []));
            return;
        }

        ChannelEvent[] events;
        if (history.Backward)
        {
            var last = history.Since is { } before ? before.Offset - 1 : _stream.Offset;
            var first = Math.Max(last - limit + 1, window.FirstOffset);
            events = window.Count == 0 || last < first ? [] : window.Read(Name, first, (int)(last - first + 1));
            Array.Reverse(events);
        }
        else
        {
            events = window.Read(Name, (history.Since?.Offset ?? 0) + 1, limit);
        }

        effects.Reply(history.Origin, new HistoryPage(Refusal.None, _stream.Position, events));
    }

    private PresencePage Page() => new(Refusal.None, _members.All(), _members.Connections, Subscribers);

    private void Expire(long unixMs)
    {
        _stream.Window.Expire(unixMs);
        _keys?.Expire(unixMs);
    }
}
