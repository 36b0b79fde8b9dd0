using Broker.Actors.Channels;
using Broker.Actors.Cluster;
using Broker.Actors.Loops;
using Broker.Messages;
using Broker.Messages.Cluster;

namespace Broker.Actors.Shards;

/// <summary>
/// Who must hold a shard's events before their emits are answered: the owner, and once it is filled the standby (cluster
/// protocol, Holders). Fills a node while the owner goes on ordering, has the authority write it down, and from then on
/// answers when it holds. A standby that falls silent is replaced by another node; only where there is none the owner
/// answers alone.
/// </summary>
internal sealed class Holders(ShardActor shard) : WheelTimer
{
    /// <summary>Milliseconds without a word about what it was sent, after which another node takes the standby's place.</summary>
    private const long SilentMs = 500;

    /// <summary>Milliseconds after which a node that was silent is tried again, if nobody else holds the shard.</summary>
    private const long TryAgainMs = 5_000;

    /// <summary>Milliseconds that an emit waits at most for its holders.</summary>
    private const long LimitMs = 3_000;

    private readonly HashSet<ChannelPlace> _waiting = [];
    private readonly Dictionary<Incarnation, long> _silent = [];
    private IReadOnlyList<Incarnation> _able = [];
    private Incarnation? _standby;
    private Incarnation? _receiver;
    private bool _isWrittenAlone;
    private Fill? _fill;
    private bool _mayAnswer;
    private bool _isWriting;
    private long _wroteAtMs;
    private long _waitsSinceMs;
    private long _lastFill;

    /// <summary>The node besides the owner that must hold what is answered; null for none.</summary>
    public Incarnation? Standby => _standby;

    /// <summary>This node orders from now on, and holds all that there is.</summary>
    /// <param name="able">Nodes that may own shards, this one among them.</param>
    /// <param name="written">The holders that stand at the authority yet.</param>
    public void Begin(IReadOnlyList<Incarnation> able, IReadOnlyList<Incarnation> written)
    {
        _able = able;
        _isWrittenAlone = written.All(holder => holder == shard.Self);
        _isWriting = false;
        _mayAnswer = false;
        _waitsSinceMs = shard.Loop.NowMs;
        Choose();
        SetTimer();
    }

    /// <summary>The bus is fresh again.</summary>
    public void AnswerAllHeld()
    {
        foreach (var place in _waiting.ToArray())
        {
            AnswerHeld(place);
        }
    }

    /// <summary>The channel has lost its life: nobody can say what became of what is not answered.</summary>
    public void Drop(ChannelPlace place)
    {
        while (place.Holding is { } holding && holding.Unheld.TryDequeue(out var lost))
        {
            shard.AnswerNow(lost.Emit, EmitResult.Refused(Refusal.OutcomeUnknown));
        }

        _waiting.Remove(place);
    }

    /// <summary>Nodes have come, gone or begun to leave.</summary>
    public void AbleChanged(IReadOnlyList<Incarnation> able)
    {
        _able = able;
        foreach (var gone in _silent.Keys.Except(able).ToArray())
        {
            _silent.Remove(gone);
        }

        Choose();
        SetTimer();
    }

    /// <summary>An emit has been ordered: it is answered now, or when it is held.</summary>
    public void Answer(ChannelPlace place, ChannelInput.Emit emit, in EmitResult result)
    {
        if (_mayAnswer && IsHeld(place, result.Position.Offset))
        {
            CountIfAlone();
            shard.AnswerNow(emit, result);
            return;
        }

        place.MadeHolding.Unheld.Enqueue(new Unheld(emit, result, shard.Loop.NowMs));
        _waiting.Add(place);
        SetTimer();
    }

    /// <summary>A node holds a channel's events up to an offset.</summary>
    public void Held(Incarnation from, ChannelPlace place, long offset)
    {
        if (from == _fill?.Node || from == _receiver)
        {
            place.MadeHolding.HeldByNext = Math.Max(place.MadeHolding.HeldByNext, offset);
        }

        if (from == _standby)
        {
            _silent.Remove(from);
            place.MadeHolding.HeldByStandby = Math.Max(place.MadeHolding.HeldByStandby, offset);
        }

        AnswerHeld(place);
        if (from == _receiver)
        {
            shard.ReceiverHolds();
        }
    }

    public void FillDone(Incarnation from, long number)
    {
        if (_fill is not { IsDone: false } fill || fill.Node != from || fill.Number != number)
        {
            return;
        }

        fill.IsDone = true;
        shard.CountFilled();
        if (fill.Then is { } then)
        {
            _fill = null;
            then();
        }
        else
        {
            Write([shard.Self, from]);
        }
    }

    /// <summary>The authority has written down who holds, or has not: then it is asked again, until it is back.</summary>
    public void Written(IReadOnlyList<Incarnation> holders, Answer<bool> answer)
    {
        _isWriting = false;
        if (answer is not Answer<bool>.Done { Value: true })
        {
            return;
        }

        var next = holders.FirstOrDefault(node => node != shard.Self);
        _isWrittenAlone = holders.Count == 1;
        if (holders.Count == 1)
        {
            AnswerAlone();
        }
        else if (_fill is { IsDone: true } fill && fill.Node == next)
        {
            Take(fill);
        }
        else if (_standby is null && _fill is null)
        {
            Choose();   // it was filled for nothing: it is gone
        }
    }

    /// <summary>What the node was sent may be lost.</summary>
    public void Resync(Incarnation node)
    {
        if (_fill?.Node == node)
        {
            Begin(node, _fill.Then);
        }
        else if (_standby == node)
        {
            foreach (var holding in Holdings)
            {
                holding.HeldByStandby = 0;
            }

            Begin(node, then: null);
        }
    }

    public void Gone(Incarnation node)
    {
        _able = [.. _able.Where(able => able != node)];
        if (_standby == node)
        {
            _standby = null;
            _mayAnswer = false;
            _waitsSinceMs = shard.Loop.NowMs;
        }

        if (_fill is { } fill && fill.Node == node)
        {
            _fill = null;
            fill.Then?.Invoke();
        }

        Choose();
        SetTimer();
    }

    /// <summary>Has a node hold everything; <paramref name="then"/> is called when it does, or is gone.</summary>
    public void FillFor(Incarnation node, Action then)
    {
        _receiver = node;
        if (_standby == node && _mayAnswer && _fill?.Node != node)
        {
            then();
        }
        else
        {
            Begin(node, then);
        }
    }

    /// <summary>True when a node to which the shard moves holds all that is not answered yet.</summary>
    public bool IsAllHeldBy(Incarnation receiver) => _waiting.All(place => IsHeldBy(receiver, place, place.MadeHolding.Unheld.Max(unheld => unheld.Result.Position.Offset)));

    /// <summary>The shard does not move after all.</summary>
    public void GiveUpMove()
    {
        _receiver = null;
        _fill = _fill is { Then: null } ? _fill : null;
        Choose();
    }

    /// <summary>A history channel has come to life.</summary>
    public void ChannelMade(ChannelPlace place)
    {
        if (_standby is { } standby)
        {
            place.MadeHolding.IsSentToStandby = true;
            shard.SendFilled(standby, place);
        }

        if (_fill is { } fill)
        {
            place.MadeHolding.IsSentToNext = true;
            if (fill.Node != _standby)
            {
                shard.SendFilled(fill.Node, place);
            }
        }
    }

    public void ChannelForgotten(ChannelName channel)
    {
        if (_standby is { } standby)
        {
            shard.SendTo(standby, new NodeItem.Forgotten(channel));
        }

        if (_fill is { } fill && fill.Node != _standby)
        {
            shard.SendTo(fill.Node, new NodeItem.Forgotten(channel));
        }
    }

    /// <summary>The nodes besides this one that get every event of the place's channel, whether they have subscribers or not.</summary>
    public (Incarnation? Standby, Incarnation? Next) KeepersOf(ChannelPlace place) =>
        place.Holding is { } holding
            ? (holding.IsSentToStandby ? _standby : null, holding.IsSentToNext && _fill?.Node != _standby ? _fill?.Node : null)
            : default;

    /// <summary>This node orders no more. What is not answered is answered where the next owner is known to hold it.</summary>
    /// <param name="taker">A node that has taken the shard from this one in order; null for none.</param>
    public void End(Incarnation? taker)
    {
        foreach (var place in _waiting)
        {
            while (place.MadeHolding.Unheld.TryDequeue(out var unheld))
            {
                var isHeld = taker is { } node && IsHeldBy(node, place, unheld.Result.Position.Offset);
                shard.AnswerNow(unheld.Emit, isHeld ? unheld.Result : EmitResult.Refused(Refusal.OutcomeUnknown));
            }
        }

        _waiting.Clear();
        _silent.Clear();
        _standby = null;
        _receiver = null;
        _fill = null;
        shard.Loop.Wheel.Cancel(this);
    }

    protected internal override void Fire()
    {
        var now = shard.Loop.NowMs;
        foreach (var place in _waiting.ToArray())
        {
            Expire(place, now);
        }

        var late = !_mayAnswer && now - _waitsSinceMs >= SilentMs;
        if (late && _fill is { IsDone: false, Then: null } fill && !shard.Port.IsUp(fill.Node) && _silent.TryAdd(fill.Node, now))
        {
            _fill = null;
            Choose();
        }
        else if (_mayAnswer && _standby is { } standby && IsSilent(now) && _silent.TryAdd(standby, now))
        {
            Choose();
        }

        if (_fill is { IsDone: true } filled && now - _wroteAtMs >= SilentMs)
        {
            Write([shard.Self, filled.Node]);
        }
        else if (_fill is null && now - _wroteAtMs >= SilentMs && (late || IsLeft || (_standby is { } lost && _silent.ContainsKey(lost) && IsSilent(now))))
        {
            BeAlone();
        }

        TryAgain(now);
        SetTimer();
    }

    /// <summary>Nobody else holds the shard, for who was to do so was silent for a while: it may have been busy, and nothing else says that it is not.</summary>
    private void TryAgain(long now)
    {
        if (!IsAlone)
        {
            return;
        }

        foreach (var (node, sinceMs) in _silent)
        {
            if (now - sinceMs >= TryAgainMs && shard.Port.IsUp(node))
            {
                _silent.Remove(node);   // allowed while enumerating
            }
        }

        Choose();
    }

    private bool IsAlone => _mayAnswer && _standby is null && _fill is null && !_isWriting;

    /// <summary>The standby goes, and stays until the authority names it no more; there is nobody in its place.</summary>
    private bool IsLeft => _fill is null && _standby is { } standby && !_able.Contains(standby);

    /// <summary>What is known of holders, channel by channel; where nothing is, there is nothing to change.</summary>
    private IEnumerable<PlaceHolding> Holdings => shard.Places.Select(place => place.Holding).OfType<PlaceHolding>();

    private void Expire(ChannelPlace place, long now)
    {
        var unheld = place.MadeHolding.Unheld;
        while (unheld.TryPeek(out var oldest) && now - oldest.AtMs >= LimitMs)
        {
            unheld.Dequeue();
            shard.AnswerNow(oldest.Emit, EmitResult.Refused(Refusal.OutcomeUnknown));
        }

        DropIfAnswered(place);
    }

    private bool IsSilent(long now) => _waiting.Any(place => place.MadeHolding.Unheld.TryPeek(out var oldest) && now - oldest.AtMs >= SilentMs);

    private void Choose()
    {
        var wanted = Rendezvous.Wanted(shard.Id, _able.Where(node => node != shard.Self && !_silent.ContainsKey(node)));
        if (_fill is { Then: not null })
        {
            return;   // the shard is about to move
        }

        if (wanted is { } node)
        {
            if (node != (_fill?.Node ?? _standby))
            {
                Begin(node, then: null);
            }
        }
        else if (_standby is { } last ? _silent.ContainsKey(last) || !_able.Contains(last) : _fill is null && _able.Count <= 1)
        {
            BeAlone();   // it does not answer or wants to leave, and nobody else is there
        }
    }

    private void BeAlone()
    {
        if (_isWrittenAlone)
        {
            AnswerAlone();
        }
        else
        {
            Write([shard.Self]);
        }
    }

    private void Write(Incarnation[] holders)
    {
        if (!_isWriting)
        {
            _isWriting = true;
            _wroteAtMs = shard.Loop.NowMs;
            shard.WriteHolders(holders);
        }
    }

    private void AnswerAlone()
    {
        if (_standby is { } late && late != _fill?.Node && !IsReceiver(late))
        {
            shard.SendTo(late, new NodeItem.Release());
        }

        _standby = null;
        _mayAnswer = true;
        AnswerAllHeld();
    }

    private void Begin(Incarnation node, Action? then)
    {
        shard.DropPaced(node);
        foreach (var holding in Holdings)
        {
            holding.HeldByNext = 0;
            holding.IsSentToNext = false;
        }

        _fill = new Fill(node, ++_lastFill, then);
        shard.SendPaced(node, shard.FillItems(_fill));
        SetTimer();
    }

    private void Take(Fill fill)
    {
        foreach (var holding in Holdings)
        {
            holding.HeldByStandby = holding.HeldByNext;
            holding.IsSentToStandby = holding.IsSentToNext;
        }

        _standby = fill.Node;
        _fill = null;
        _mayAnswer = true;
        AnswerAllHeld();
        shard.ReleaseAllBut(node => node == fill.Node || IsReceiver(node));
    }

    /// <summary>True for the node to which the shard moves: what it holds it may have been handed over already.</summary>
    private bool IsReceiver(Incarnation node) => node == _receiver && shard.Rules.ReceiversAreKept;

    private void AnswerHeld(ChannelPlace place)
    {
        if (!_mayAnswer || place.Holding is null || !shard.Port.IsFresh)
        {
            return;
        }

        var unheld = place.Holding.Unheld;
        while (unheld.TryPeek(out var next) && IsHeld(place, next.Result.Position.Offset))
        {
            unheld.Dequeue();
            CountIfAlone();
            shard.AnswerNow(next.Emit, next.Result);
        }

        DropIfAnswered(place);
    }

    /// <summary>A node that the authority may have written down already counts too.</summary>
    private bool IsHeld(ChannelPlace place, long offset) => !shard.Rules.AnswersWaitForHolders ||
        ((_standby is null || place.MadeHolding.HeldByStandby >= offset) && (_fill is not { IsDone: true } || place.MadeHolding.HeldByNext >= offset));

    private bool IsHeldBy(Incarnation node, ChannelPlace place, long offset) =>
        (node == _standby ? Math.Max(place.MadeHolding.HeldByStandby, place.MadeHolding.HeldByNext) : place.MadeHolding.HeldByNext) >= offset;

    private void CountIfAlone()
    {
        if (_standby is null)
        {
            shard.CountHeldAlone();
        }
    }

    private void DropIfAnswered(ChannelPlace place)
    {
        if (place.Holding is { Unheld.Count: 0 })
        {
            _waiting.Remove(place);
        }
    }

    private void SetTimer()
    {
        if (!IsSet && (_waiting.Count > 0 || !_mayAnswer || _fill is not null || IsLeft))
        {
            shard.Loop.Wheel.Set(this, shard.Loop.NowMs, TimerWheel.StepMs);
        }
        else if (!IsSet && IsAlone && _silent.Count > 0)
        {
            shard.Loop.Wheel.Set(this, shard.Loop.NowMs, SilentMs);
        }
    }
}
