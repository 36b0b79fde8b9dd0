using Broker.Actors.Channels;
using Broker.Actors.Rooms;
using Broker.Messages;

namespace Broker.Actors.Shards;

/// <summary>What the owner orders, and what waits until it may.</summary>
internal sealed partial class ShardActor
{
    private readonly List<ShardMessage> _waitingQuestions = [];
    private readonly HashSet<NodeRoom> _unsure = [];
    private WaitingEmits? _waitingEmits;
    private WaitTimer? _waitTimer;

    public bool IsSure => !IsOwner || CanOrder;

    private bool CanOrder => IsInPlace && _move is not { HasStopped: true } && Port.IsFresh;

    /// <summary>True when what comes now is ordered now: nothing waits before it.</summary>
    private bool MayOrder => CanOrder && _waitingEmits is not { Count: > 0 };

    public void AskWhenSure(NodeRoom room) => _unsure.Add(room);

    /// <summary>Orders an emit that another node passed on.</summary>
    public void TakeForwarded(ChannelInput.Emit emit)
    {
        if (MayOrder)
        {
            Order(emit);
        }
        else
        {
            Wait(emit, isLocal: false);
        }
    }

    /// <summary>Orders an emit of this node that another owner may have been sent before, and gives its buffer back.</summary>
    public void TakeOwn(ChannelInput.Emit emit)
    {
        if (MayOrder)
        {
            OrderOwn(emit);
        }
        else
        {
            Wait(emit, isLocal: true);
        }
    }

    /// <summary>An emit of this node that waited for another owner.</summary>
    public void TakeOwnAgain(PendingEmit pending) => Peers.TakeOwn(pending);

    /// <summary>What has waited until this node may order is ordered.</summary>
    public void OrderWaiting()
    {
        if (!CanOrder)
        {
            return;
        }

        while (_waitingEmits is not null && _waitingEmits.TryTake(out var emit, out var isLocal, out _))
        {
            if (isLocal)
            {
                OrderOwn(emit);
            }
            else
            {
                Order(emit);
            }
        }

        _holders?.AnswerAllHeld();
        foreach (var room in _unsure)
        {
            room.AdmitCaughtUp(all: true);
        }

        _unsure.Clear();
        WakeWaiting();
    }

    /// <summary>The emit is answered when its channel's holders hold it; for what was ordered before, too.</summary>
    public void AnswerWhenHeld(ChannelInput.Emit emit, in EmitResult result)
    {
        var place = BusyPlaceOf(emit.Channel);
        Answer(place, place.Channel!, emit, result);
    }

    public void AnswerNow(ChannelInput.Emit emit, in EmitResult result)
    {
        emit.Origin?.Emitted(emit.Call, result);
        if (result.Refusal == Refusal.None)
        {
            Loop.Tally.EmitAnswered(emit.Cause.ReceivedAt);
        }
        else
        {
            EmitsRefused.Add(result.Refusal);
        }
    }

    /// <summary>What waited for this node to be in place, or for the others to say whom they have.</summary>
    public void AskWaiting()
    {
        var questions = _waitingQuestions.ToArray();
        _waitingQuestions.Clear();
        foreach (var question in questions)
        {
            Deliver(question);
        }
    }

    private void Answer(ChannelPlace place, ChannelActor channel, ChannelInput.Emit emit, in EmitResult result)
    {
        if (_node.IsAlone || channel.IsLive || result.Refusal != Refusal.None)
        {
            AnswerNow(emit, result);
        }
        else
        {
            Holders.Answer(place, emit, result);
        }
    }

    /// <summary>What waited for the owner before this one comes before what has waited here.</summary>
    private void SettleInOrder()
    {
        var newer = _waitingEmits;
        _waitingEmits = null;
        _remote?.Settle();
        while (newer is not null && newer.TryTake(out var emit, out var isLocal, out var atMs))
        {
            Wait(emit, isLocal, atMs);
        }
    }

    /// <summary>What waited here for this node to order it is another's to order; other nodes send theirs again by themselves.</summary>
    private void LeaveWaitingToOwner(bool wasOwner)
    {
        if (!wasOwner)
        {
            return;
        }

        AskWaiting();
        while (_waitingEmits is not null && _waitingEmits.TryTake(out var emit, out var isLocal, out var atMs))
        {
            if (isLocal)
            {
                Forward(emit, atMs);
            }
        }
    }

    private void Wait(ChannelInput.Emit emit, bool isLocal) => Wait(emit, isLocal, Loop.NowMs);

    private void Wait(ChannelInput.Emit emit, bool isLocal, long atMs)
    {
        _waitingEmits ??= new WaitingEmits(_options);
        _waitingEmits.Add(emit, isLocal, atMs);
        _isFull = _waitingEmits.IsFull;
        _waitTimer ??= new WaitTimer(this);
        if (!_waitTimer.IsSet)
        {
            Loop.Wheel.Set(_waitTimer, Loop.NowMs, WaitTimer.LookMs);
        }
    }

    private void ExpireWaiting()
    {
        while (_waitingEmits is not null && _waitingEmits.TryExpire(Loop.NowMs, out var emit, out var isLocal))
        {
            AnswerNow(emit, EmitResult.Refused(Refusal.Unavailable));
            if (isLocal)
            {
                Release(emit);
            }
        }

        WakeWaiting();
        if (_waitingEmits is { Count: > 0 })
        {
            Loop.Wheel.Set(_waitTimer!, Loop.NowMs, WaitTimer.LookMs);
        }
    }

    /// <summary>
    /// Whether somebody has been in the channel, as far as this owner knows. While it does not know yet whom the other nodes have, it
    /// says yes: an emit too many is better than one that its subscribers miss.
    /// </summary>
    private bool Exists(ChannelName channel) =>
        _channels.Find(channel) is { Exists: true }
        || _channels.FindRoom(channel) is not null
        || _remembered?.Contains(channel) == true
        || _peers is { IsCovering: true };

    public bool IsLiveChannel(ChannelName channel) => OptionsOf(channel).IsLive;

    /// <summary>The place of a channel that this node owns; null where there is none.</summary>
    public ChannelPlace? FindOwned(ChannelName channel) =>
        _channels.Find(channel) is not null ? _channels.PlaceOf(channel) : null;

    /// <summary>Tells emits that have waited too long.</summary>
    private sealed class WaitTimer(ShardActor shard) : Loops.WheelTimer
    {
        public const long LookMs = 128;

        protected internal override void Fire() => shard.ExpireWaiting();
    }
}
