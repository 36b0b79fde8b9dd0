using System.Buffers;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Broker.Actors.Channels;
using Broker.Actors.Loops;
using Broker.Actors.Metrics;
using Broker.Actors.Rooms;
using Broker.Actors.Sessions;
using Broker.Actors.Tracing;
using Broker.Messages;
using Microsoft.Extensions.Logging;

namespace Broker.Actors.Shards;

/// <summary>
/// One shard on this node: the rooms of its channels here, and, where this node owns it, the channels themselves. Steps
/// them and carries out their effects.
/// </summary>
internal sealed partial class ShardActor : Actor, IRoomShard
{
    /// <summary>Channels looked at in one sweep, so that it never holds the loop.</summary>
    private const int SweepAtMost = 1_024;

    /// <summary>How often a channel is looked at for what is too old.</summary>
    private const long LookMs = 10_000;

    private readonly LocalNode _node;
    private readonly ShardOptions _options;
    private readonly ILogger _logger;
    private readonly ShardChannels _channels = new();
    private readonly Effects _effects = new();
    private readonly SweepTimer _sweep;
    private bool _isStepping;
    private bool _isAskingAgain;
    private int _overTimes;
    private int _mailboxEmits;
    private long _mailboxBytes;

    public ShardActor(LocalNode node, ShardId id, Loop loop, ShardOptions options, ILogger logger)
        : base(loop)
    {
        _node = node;
        _options = options;
        _logger = logger;
        Id = id;
        _sweep = new SweepTimer(this);
    }

    public ShardId Id { get; }

    public Incarnation Self => _node.Self;

    public int ChannelCount => _channels.Count;

    /// <summary>Emits from other loops that wait here, and the bytes of their data.</summary>
    public (int Emits, long Bytes) Mailbox => (Volatile.Read(ref _mailboxEmits), Volatile.Read(ref _mailboxBytes));

    /// <summary>Emits of this node that nobody took, by why.</summary>
    public CounterSet<Refusal> EmitsRefused => _node.Counters.EmitsRefused;

    public int RoomCount => _channels.RoomCount;

    /// <summary>Takes an emit, from any thread; false when the mailbox is full: wait for <see cref="WakeWhenFree"/>.</summary>
    public bool TryEmit(ChannelInput.Emit emit)
    {
        if (_isFull)
        {
            return false;
        }

        if (Loop.IsCurrent)
        {
            Deliver(emit);
            return true;
        }

        // Both are counted before either is looked at, since LeaveMailbox takes both back. One that finds the bytes below
        // their bound is taken whatever its size.
        var emits = Interlocked.Increment(ref _mailboxEmits);
        var bytes = Interlocked.Add(ref _mailboxBytes, emit.Bytes);
        if (emits > _options.MailboxEmits || bytes - emit.Bytes >= _options.MailboxBytes)
        {
            LeaveMailbox(emit);
            return false;
        }

        Loop.Post(this, new Mailed(emit));
        return true;
    }

    /// <summary>Tells the session, behind all that is in the mailbox now, that it may try again.</summary>
    public void WakeWhenFree(SessionActor session) => Loop.Post(this, new ShardMessage.Wake(session));

    /// <summary>Gives back the buffer of an emit that no channel takes any more.</summary>
    public static void Release(ChannelInput.Emit emit)
    {
        if (MemoryMarshal.TryGetArray(emit.Data, out var rented) && rented.Array is { Length: > 0 } array)
        {
            ArrayPool<byte>.Shared.Return(array);
        }
    }

    public void ToOwner(ChannelName channel, ChannelInput input)
    {
        if (!IsOwner)
        {
            Remote.Tell(channel, input);
        }
        else if (_takeOver is null)
        {
            Step(channel, input);   // else the rooms say all again when this node is in place
        }
    }

    public LoopRoom NewLoopRoom(int loop, ChannelName channel) => new(_node.Rosters[loop], channel);

    public void Forget(NodeRoom room)
    {
        if (room.IsKept)
        {
            room.Rest();
            ToOwner(room.Channel, new ChannelInput.Uninterest(Self));
        }
        else if (_channels.Remove(room))
        {
            room.Drop();
            ToOwner(room.Channel, new ChannelInput.Uninterest(Self));
        }
    }

    public void LeaveAfterGrace(ChannelName channel, SessionId session, string userId) =>
        Loop.Wheel.Set(new GraceTimer(this, channel, session, userId), Loop.NowMs, _options.PresenceGraceMs);

    public void EndGrace(ChannelName channel, SessionId session, string userId)
    {
        _channels.FindRoom(channel)?.EndGrace(session, userId);
        ToOwner(channel, new ChannelInput.Leave(session, userId));
    }

    public void Linger(NodeRoom room) => Loop.Wheel.Set(room, Loop.NowMs, _options.RoomLingerMs);

    /// <summary>Lets go of what is too old, and of the idlest windows while the node holds more history than it may.</summary>
    public void Sweep()
    {
        for (var looked = 0; looked < SweepAtMost && _channels.NextToLookAt(Loop.NowMs - LookMs, Loop.NowMs) is { } next; looked++)
        {
            Step(next, ChannelInput.Expire.Instance);
            if (next is { Channel: { IsForgettable: true } forgettable, Holding: not { Unheld.Count: > 0 } } && _peers is not { IsCovering: true })
            {
                ForgetChannel(next, forgettable);
            }
        }

        DropIdleWindows();
        _peers?.Ledgers.Expire(Loop.NowMs);
        if (_channels.Count > 0)
        {
            Loop.Wheel.Set(_sweep, Loop.NowMs, SweepTimer.EveryMs);
        }
    }

    protected override void Receive(object message)
    {
        switch (message)
        {
            case Mailed mailed: LeaveMailbox(mailed.Emit); TakeEmit(mailed.Emit); break;
            case ChannelInput.Emit emit: TakeEmit(emit); break;
            case ShardMessage.Subscribe subscribe: RoomOf(subscribe.Subscription.Channel).Subscribe(subscribe); break;
            case ShardMessage.Leave leave: Leave(leave); break;
            case ShardMessage.History history: ReadHistory(history); break;
            case ShardMessage.Presence presence: ReadPresence(presence); break;
            case ShardMessage.Wake wake: Wake(wake.Session); break;
            case ShardMessage.Item item: Take(item); break;
            case ShardMessage.OwnerChanged changed: ChangeOwner(changed); break;
            case ShardMessage.NodeGone gone: Lose(gone.Node, gone.MayReturn); break;
            case ShardMessage.GivenUp given: _takeOver?.Gone(given.Node, mayReturn: false); break;
            default: throw new UnreachableException();
        }
    }

    private void DropIdleWindows()
    {
        var dropped = 0;
        for (; dropped < SweepAtMost && _channels.DropIdlestWindow(Loop.NowMs - _node.History.KeptIdleMs) > 0; dropped++)
        {
            _node.Counters.WindowsDropped.Add(1);
        }

        // Over the limit even after every shard has done that: each gives its part, idlest first, and twice as much each
        // time that was not enough.
        var excess = _node.History.Excess;
        var part = _overTimes == 0 ? 0 : (excess << _overTimes) / _node.Shards.All.Count;
        _overTimes = excess == 0 ? 0 : Math.Min(_overTimes + 1, 16);
        for (var wanted = part; wanted > 0 && dropped < SweepAtMost; dropped++)
        {
            if (_node.History.Excess == 0 || _channels.DropIdlestWindow(long.MaxValue) is not (> 0 and var freed))
            {
                break;
            }

            wanted -= freed;
            _node.Counters.WindowsDropped.Add(1);
        }
    }

    private void TakeEmit(ChannelInput.Emit emit)
    {
        if (!IsOwner)
        {
            Forward(emit, Loop.NowMs);
        }
        else
        {
            TakeOwn(emit);
        }
    }

    private void OrderOwn(ChannelInput.Emit emit)
    {
        try
        {
            Order(emit);
        }
        finally
        {
            Release(emit);
        }
    }

    /// <summary>Steps the emit's channel, inside a span of its trace where there is one.</summary>
    private void Order(ChannelInput.Emit emit)
    {
        if (emit.MustExist && !Exists(emit.Channel))
        {
            AnswerNow(emit, EmitResult.Refused(Refusal.UnknownChannel));
            return;
        }

        if (emit.Cause.Trace is { } trace)
        {
            using var span = trace.Start("order", ActivityKind.Consumer, emit.Channel);
            Step(emit.Channel, emit with { Cause = emit.Cause with { Trace = TraceLink.Of(span) } });
        }
        else
        {
            Step(emit.Channel, emit);
        }

        Loop.Tally.Emitted();
    }

    private void Leave(ShardMessage.Leave leave)
    {
        var channel = leave.Subscription.Channel;
        _channels.FindRoom(channel)?.Leave(leave);

        if (leave.Call is not null)
        {
            leave.Subscription.Session.TellOrCall(new SessionMessage.Unsubscribed(channel, leave.Call));
        }
    }

    private void ReadHistory(ShardMessage.History ask)
    {
        if (_takeOver is not null)
        {
            _waitingQuestions.Add(ask);
        }
        else if (IsOwner)
        {
            Step(ask.Channel, new ChannelInput.History(ask.Since, ask.Limit, ask.Backward, ask.Question));
        }
        else
        {
            Remote.Ask(ask);
        }
    }

    private void ReadPresence(ShardMessage.Presence ask)
    {
        if (_takeOver is not null || (IsOwner && _peers?.WaitsForMembers == true))
        {
            _waitingQuestions.Add(ask);
        }
        else if (IsOwner)
        {
            Step(ask.Channel, new ChannelInput.WhoIsHere(ask.Question));
        }
        else
        {
            Remote.Ask(ask);
        }
    }

    private NodeRoom RoomOf(ChannelName channel) => _channels.FindRoom(channel) ?? NewRoom(channel);

    /// <summary>The channel's place, with the channel in it, which is busy now.</summary>
    private ChannelPlace BusyPlaceOf(ChannelName name)
    {
        var place = _channels.PlaceOf(name);
        if (place.Channel is not null)
        {
            _channels.Touch(place, Loop.NowMs);
            return place;
        }

        var life = unchecked((ulong)_node.Random.NextInt64(long.MinValue, long.MaxValue));
        Add(place, new ChannelActor(name, life, Term, OptionsOf(name), _node.History));
        if (!_node.IsAlone && !place.Channel!.IsLive)
        {
            Holders.ChannelMade(place);
        }

        return place;
    }

    private void Add(ChannelPlace place, ChannelActor channel)
    {
        _channels.Add(place, channel, Loop.NowMs);
        if (!_sweep.IsSet)
        {
            Loop.Wheel.Set(_sweep, Loop.NowMs, SweepTimer.EveryMs);
        }
    }

    private ChannelOptions OptionsOf(ChannelName name) => _node.Namespaces.Find(name.App, name.Text)?.Options ?? new ChannelOptions();

    internal void Step(ChannelName name, ChannelInput input) => Step(BusyPlaceOf(name), input);

    private void Step(ChannelPlace place, ChannelInput input)
    {
        if (_isStepping)
        {
            // An effect led back here (a room that was told something asks its owner): a step of its own, inside.
            StepInto(place, input, new Effects());
            return;
        }

        _isStepping = true;
        try
        {
            StepInto(place, input, _effects);
        }
        finally
        {
            _effects.Clear();
            _isStepping = false;
        }
    }

    private void StepInto(ChannelPlace place, ChannelInput input, Effects effects)
    {
        var channel = place.Channel!;
        try
        {
            channel.Step(input, Loop.UnixMs, effects);
        }
#pragma warning disable CA1031 // A bug in a step costs this channel its life, and nothing else.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Reset(channel, input, fault);
            return;
        }

        foreach (ref readonly var effect in CollectionsMarshal.AsSpan(effects.All))
        {
            Apply(place, channel, input, effect);
        }
    }

    private void Apply(ChannelPlace place, ChannelActor channel, ChannelInput input, in Effects.Effect effect)
    {
        switch (effect.Kind)
        {
            case Effects.EffectKind.Publish:
                var cause = ((ChannelInput.Emit)input).Cause;
                place.Room?.Take((ChannelEvent)effect.Subject, cause);
                if (_node.HasPeers)
                {
                    Publish(place, channel, (ChannelEvent)effect.Subject, cause);
                }

                break;
            case Effects.EffectKind.ToRooms:
                TellRooms(channel, (RoomInput)effect.Subject);
                break;
            case Effects.EffectKind.ToRoom:
                TellRoom(effect.Node, channel.Name, (RoomInput)effect.Subject);
                break;
            case Effects.EffectKind.Answer:
                Answer(place, channel, (ChannelInput.Emit)effect.Subject, effect.Result);
                break;
            case Effects.EffectKind.Reply:
                ((IQuestion)effect.Subject).Answer(effect.Reply!);
                break;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>The channel gets a new life; its subscribers are told that their stream broke.</summary>
    private void Reset(ChannelActor channel, ChannelInput input, Exception fault)
    {
        LogChannelFault(fault, channel.Name, input.GetType().Name);
        _node.Counters.ChannelFaults.Add(1);
        if (_holders is not null && _channels.Find(channel.Name) is not null)
        {
            _holders.Drop(_channels.PlaceOf(channel.Name));
        }

        _channels.Remove(channel.Name);
        InheritFrom(channel);
        var room = _channels.FindRoom(channel.Name);
        switch (input)
        {
            case ChannelInput.Emit emit: EmitsRefused.Add(Refusal.OutcomeUnknown); emit.Origin?.Emitted(emit.Call, EmitResult.Refused(Refusal.OutcomeUnknown)); break;
            case ChannelInput.History history: ((IQuestion)history.Origin).Answer(new HistoryPage(Refusal.Unavailable, default, [])); break;
            case ChannelInput.WhoIsHere who: ((IQuestion)who.Origin).Answer(new PresencePage(Refusal.Unavailable, [], 0, 0)); break;
            case ChannelInput.Join join: TellRoom(join.Session.Node, channel.Name, new RoomInput.JoinAnswered(join.Ticket, Refusal.Unavailable)); break;
            case ChannelInput.Interest interest when interest.Node == Self: room?.Lost(); return;
            default: break;
        }

        if (room is not null && !_isAskingAgain)
        {
            // What fails even in its new life is not tried for ever.
            _isAskingAgain = true;
            room.AskAgain();
            _isAskingAgain = false;
        }
    }

    private void LeaveMailbox(ChannelInput.Emit emit)
    {
        Interlocked.Decrement(ref _mailboxEmits);
        Interlocked.Add(ref _mailboxBytes, -emit.Bytes);
    }

    [LoggerMessage(EventId = 2001, Level = LogLevel.Error, Message = "Channel {Channel} failed while handling {Input}: it begins a new life")]
    private partial void LogChannelFault(Exception fault, ChannelName channel, string input);

    /// <summary>An emit from another loop, counted in the mailbox.</summary>
    private sealed record Mailed(ChannelInput.Emit Emit);
}
