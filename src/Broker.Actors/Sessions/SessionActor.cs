using System.Buffers;
using System.Diagnostics;
using Broker.Actors.Channels;
using Broker.Actors.Dialects;
using Broker.Actors.Loops;
using Broker.Actors.Queries;
using Broker.Actors.Rights;
using Broker.Actors.Rooms;
using Broker.Actors.Shards;
using Broker.Messages;

namespace Broker.Actors.Sessions;

/// <summary>
/// One client connection. Lives on its connection's loop; its dialect decodes, it checks rights and limits, and passes
/// on to the channels' shards. An idle one has nothing scheduled but its place in the loop's wheel.
/// </summary>
public sealed partial class SessionActor : Actor, ITransportSink, ISessionContext, IEmitOrigin
{
    private const int LostCode = 1006;

    private readonly LocalNode _node;
    private readonly LoopRoster _roster;
    private readonly ITransport _transport;
    private readonly IDialect _dialect;
    private readonly IDialectSession _session;
    private readonly IdleTimer _idle;
    private Dictionary<ChannelName, Subscription>? _subscriptions;
    private ParkedCommands? _parked;
    private ExpiryTimer? _expiry;
    private bool _hasProofs;
    private NameCache _names;
    private Disconnect? _closedFor;
    private bool _isClosed;

    internal SessionActor(LocalNode node, LoopRoster roster, SessionId id, IDialect dialect, string app, ITransport transport)
        : base(roster.Loop)
    {
        _node = node;
        _roster = roster;
        _transport = transport;
        _dialect = dialect;
        Id = id;
        App = app;
        _names = roster.NamesOf(app);
        _idle = new IdleTimer(this, transport, node.SessionLimits);
        _session = dialect.Open(this);
        _idle.Start();
    }

    public SessionId Id { get; }

    public string App { get; private set; }

    public Identity Identity { get; private set; } = Identity.Anonymous.Instance;

    public ConnectionInfo Connection => _transport.Connection;

    public long UnixMs => Loop.UnixMs;

    internal IReadOnlyCollection<Subscription> Subscriptions => _subscriptions?.Values ?? (IReadOnlyCollection<Subscription>)[];

    /// <summary>True once nothing more is sent but the close.</summary>
    internal bool IsClosing { get; private set; }

    internal SessionKind Kind => new(_dialect.Name, _transport.Way);

    /// <summary>Why it closed; 1006, as RFC 6455 has it, for a connection that ended without a word.</summary>
    internal int CloseCode { get; private set; }

    /// <summary>The session is among the node's sessions: its dialect may give commands.</summary>
    internal void Opened()
    {
        try
        {
            _session.Opened();
        }
#pragma warning disable CA1031 // As in Received.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Fail(fault);
        }
    }

    protected override void Receive(object message)
    {
        if (_isClosed)
        {
            return;
        }

        switch (message)
        {
            case SessionMessage.Emitted emitted: _roster.Answers.Add(this, emitted.Call, emitted.Result); break;
            case SessionMessage.Unsubscribed unsubscribed:
                _session.Unsubscribed(unsubscribed.Channel, unsubscribed.Call);
                Answered(weight: 1);
                break;
            case SessionMessage.History history:
                _session.History(history.Call, history.Page);
                Answered(_node.SessionLimits.CallsUnderWay);
                break;
            case SessionMessage.Presence presence:
                _session.Presence(presence.Call, presence.Page);
                Answered(_node.SessionLimits.CallsUnderWay);
                break;
            case SessionMessage.Asked asked:
                _session.Asked(asked.Call, asked.Answer);
                Answered(_node.SessionLimits.CallsUnderWay);
                break;
            case SessionMessage.Posted posted: _session.Posted(posted.Message); break;
            case SessionMessage.Close close: Close(close.Reason); break;
            case SessionMessage.Woken: Unpark(); break;
            default: throw new UnreachableException();
        }
    }

    /// <summary>A bug in this session's dialect closes this session alone.</summary>
    protected override void Faulted(Exception fault) => Close(Disconnect.InternalError);

    // From the transport

    public void Received(ReadOnlySpan<byte> payload, FrameKind kind)
    {
        if (IsClosing)
        {
            return;
        }

        Loop.Tally.MessageReceived();
        try
        {
            _session.Received(payload, kind);
        }
#pragma warning disable CA1031 // The edge of a session: a bug in a dialect closes the session that met it, and nothing else.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Fail(fault);
        }
    }

    public void Overflowed()
    {
        if (!IsClosing)
        {
            _node.Counters.SlowSessions.Add(1);
            Met(Limit.Outbox);
            Close(Disconnect.Slow);
        }
    }

    public void Closed(bool clean)
    {
        if (_isClosed)
        {
            return;
        }

        IsClosing = true;
        _isClosed = true;
        CloseCode = (_closedFor ?? _transport.Failure)?.Code ?? (clean ? Disconnect.Normal.Code : LostCode);
        _idle.Stop();
        _expiry?.Stop();
        _parked?.Drop();
        LeaveAll(isLost: !clean);
        _roster.Remove(this);
        _node.Apps.GiveBack(App);
        _node.SessionClosed(this);
        try
        {
            _session.Closed();
        }
#pragma warning disable CA1031 // As in Received.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Loop.Report(_session, message: null, fault);
        }
    }

    // From the dialect

    public PayloadWriter Scratch()
    {
        Loop.Scratch.Clear();
        return Loop.Scratch;
    }

    public void Send(ReadOnlySpan<byte> payload, FrameKind kind = FrameKind.Text)
    {
        if (!IsClosing)
        {
            _transport.Send(payload, kind);
        }
    }

    public void Close(Disconnect reason)
    {
        if (IsClosing)
        {
            return;
        }

        IsClosing = true;
        _expiry?.Stop();
        _closedFor = reason;
        _parked?.Drop();
        LeaveAll(isLost: reason != Disconnect.Normal);
        _transport.Close(reason);
    }

    public void Post(object message) => Tell(new SessionMessage.Posted(message));

    public Refusal Identify(string app, Identity identity, bool keepSubscriptions = false)
    {
        if (!_node.Namespaces.Serves(app, Connection))
        {
            return Refusal.UnknownApp;
        }

        if (Identity.ExpiresAtMs != Identity.Never
            && (identity.ExpiresAtMs == Identity.Never || identity.Publisher != Identity.Publisher || app != App))
        {
            return Refusal.Forbidden;
        }

        if (!string.Equals(app, App, StringComparison.Ordinal))
        {
            if (_subscriptions is { Count: > 0 })
            {
                return Refusal.Forbidden;
            }

            if (!_node.Apps.TryTake(app))
            {
                return Counted(Refusal.AppFull);
            }

            _node.Apps.GiveBack(App);
            App = app;
            _names = _roster.NamesOf(app);
        }

        Identity = identity;
        if (identity.ExpiresAtMs != Identity.Never)
        {
            (_expiry ??= new ExpiryTimer(this, channel: null, _node.SessionLimits.ExpiryNoticeMs)).Set(identity.ExpiresAtMs);
        }

        if (!keepSubscriptions)
        {
            EndWhatIsNotAllowed();
        }

        return Refusal.None;
    }

    public ChannelName Channel(ReadOnlySpan<byte> utf8) => _names.Get(utf8);

    public bool IsSubscribed(ChannelName channel) => _subscriptions?.ContainsKey(channel) == true;

    public Refusal Subscribe(ChannelName channel, in SubscribeRequest request, object? call)
    {
        var refusal = CheckSubscribe(channel, request);
        if (refusal != Refusal.None)
        {
            return Counted(refusal);
        }

        var encoding = new EncodingKey(_dialect, request.Version, _transport.Framing);
        var subscription = new Subscription(this, channel, encoding, request.Member)
        {
            IsProven = request.Proven,
            Recovers = request.Since is not null,
        };
        _hasProofs |= request.Proven;
        (_subscriptions ??= []).Add(channel, subscription);
        SetExpiry(subscription, request.ProvenUntilMs);
        Owe(call, Weight(subscription));
        Tell(channel, new ShardMessage.Subscribe(subscription, request.Since, call));
        return Refusal.None;
    }

    public Refusal Prove(ChannelName channel, long untilMs)
    {
        if (Find(channel) is not { } subscription)
        {
            return Refusal.NotSubscribed;
        }

        _hasProofs = subscription.IsProven = true;
        SetExpiry(subscription, untilMs);
        return Refusal.None;
    }

    public Refusal Unsubscribe(ChannelName channel, object? call)
    {
        if (_subscriptions is null || !_subscriptions.Remove(channel, out var subscription))
        {
            return Refusal.NotSubscribed;
        }

        subscription.Expiry?.Stop();
        subscription.Room?.Remove(subscription);
        Owe(call, weight: 1);
        Tell(channel, new ShardMessage.Leave(subscription, IsLost: false, call));
        return Refusal.None;
    }

    public Refusal Emit(ChannelName channel, in EmitRequest request, object? call)
    {
        if (IsClosing)
        {
            return Refusal.Unavailable;
        }

        var refusal = _node.Access.Publish(Identity, _names.Find(channel), request.Proven || IsProven(channel), request.Name, request.Key);
        if (refusal == Refusal.None && !MayPublishNow())
        {
            refusal = Refusal.TooManyPublishes;
        }

        if (refusal != Refusal.None)
        {
            EmitRefused(refusal);
            return Counted(refusal);
        }

        Owe(call, weight: 1);

        // Copied, since the bytes belong to the receive buffer; given back by the shard after the channel's step.
        var length = request.Data.Length;
        var buffer = ArrayPool<byte>.Shared.Rent(length + request.Verbatim.Length);
        request.Data.CopyTo(buffer);
        request.Verbatim.CopyTo(buffer.AsSpan(length));
        var emit = new ChannelInput.Emit(
            channel,
            From: default,
            request.Name,
            buffer.AsMemory(0, length),
            request.Echo ? null : Id,
            ExceptIsSubscriber: !request.Echo && IsSubscribed(channel),
            request.Key is null ? null : new IdempotencyKey(Identity.Publisher, request.Key),
            call is null ? null : this,
            call)
        {
            Verbatim = buffer.AsMemory(length, request.Verbatim.Length),
            MustExist = request.MustExist,
            Cause = new Cause(Loop.TickAt, Trace: null),
        };
        var shard = _node.Shards.Of(channel);
        if (_parked is { Count: > 0 } || !shard.TryEmit(emit))
        {
            _transport.PauseReading();
            (_parked ??= new ParkedCommands(this, _node.SessionLimits)).Add(shard, emit);
        }

        return Refusal.None;
    }

    public Refusal History(ChannelName channel, Position? since, int limit, bool backward, object call, bool proven = false)
    {
        var refusal = _node.Access.History(Identity, _names.Find(channel), proven || IsProven(channel));
        if (refusal == Refusal.None)
        {
            var bounded = Math.Clamp(limit, 0, _node.SessionLimits.HistoryPage);
            Owe(call, _node.SessionLimits.CallsUnderWay);
            Tell(channel, new ShardMessage.History(channel, since, bounded, backward, new SessionQuestion(this, call)));
        }

        return Counted(refusal);
    }

    public Refusal Presence(ChannelName channel, object call, bool proven = false)
    {
        var refusal = ChannelAccess.Presence(Identity, _names.Find(channel), proven || IsProven(channel));
        if (refusal == Refusal.None)
        {
            Owe(call, _node.SessionLimits.CallsUnderWay);
            Tell(channel, new ShardMessage.Presence(channel, new SessionQuestion(this, call)));
        }

        return Counted(refusal);
    }

    public void Ask(NodeQuery query, object call)
    {
        Owe(call, _node.SessionLimits.CallsUnderWay);
        if (ChannelAccess.Ask(Identity) is not Refusal.None and var refusal)
        {
            Tell(new SessionMessage.Asked(call, new NodeAnswer.Refused(refusal)));
        }
        else
        {
            _node.Questions.Ask(query, answer => Tell(new SessionMessage.Asked(call, answer)));
        }
    }

    // From rooms and shards

    void IEmitOrigin.Emitted(object? call, in EmitResult result)
    {
        if (call is null)
        {
            return;
        }

        if (Loop.IsCurrent)
        {
            _roster.Answers.Add(this, call, result);
        }
        else
        {
            Tell(new SessionMessage.Emitted(call, result));
        }
    }

    internal void EmitRefused(Refusal refusal) => _node.Counters.EmitsRefused.Add(refusal);

    internal void Deliver(in FrameSlice frames)
    {
        try
        {
            _transport.Send(frames);
        }
#pragma warning disable CA1031 // As in Received: a room's other members get theirs.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Fail(fault);
        }
    }

    internal void Answer(object call, in EmitResult result)
    {
        if (_isClosed)
        {
            return;
        }

        // Its own copy comes first, also out of a large room that has not come to it yet.
        foreach (var room in _roster.Unfinished)
        {
            if (Find(room.Channel) is { Group: { } group } subscription)
            {
                group.CatchUp(subscription);
            }
        }

        try
        {
            _session.Emitted(call, result);
        }
#pragma warning disable CA1031 // As in Received: the answers behind this one are other sessions'.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Fail(fault);
        }

        Answered(weight: 1);
    }

    /// <summary>True for an open session of this user of the app.</summary>
    internal bool IsOf(string app, string user) =>
        !IsClosing && Identity is Identity.User known
        && string.Equals(known.Id, user, StringComparison.Ordinal) && string.Equals(App, app, StringComparison.Ordinal);

    internal Subscription? Find(ChannelName channel) => _subscriptions?.GetValueOrDefault(channel);

    internal bool IsCurrent(Subscription subscription) =>
        !IsClosing && Find(subscription.Channel) == subscription;

    internal void Joined(RoomMessage.Joined joined)
    {
        var subscription = joined.Subscription;
        var isWhole = TryEncode(joined.Missed, subscription.Encoding, out var missed);
        Subscribed(
            subscription,
            joined.Call,
            joined.Result with { Recovered = joined.Result.Recovered && isWhole, ExpiresAtMs = subscription.Expiry?.ExpiresAtMs ?? Identity.Never });
        foreach (var frame in missed)
        {
            if (!IsCurrent(subscription))
            {
                break;   // the dialect, or the outbox, had enough
            }

            Loop.Tally.Delivered(1);
            Deliver(frame);
        }
    }

    internal void SubscribeRefused(Subscription subscription, object? call, Refusal refusal)
    {
        if (IsCurrent(subscription))
        {
            _subscriptions!.Remove(subscription.Channel);
            subscription.Expiry?.Stop();
            Counted(refusal);
            Subscribed(subscription, call, new SubscribeResult(refusal, default, Recovered: false));
        }
        else
        {
            AnswerLate(subscription, call, new SubscribeResult(refusal, default, Recovered: false));
        }
    }

    /// <summary>Answers the subscribe of a subscription that has ended meanwhile: every call gets its answer, in order.</summary>
    internal void AnswerLate(Subscription subscription, object? call, in SubscribeResult result)
    {
        if (!IsClosing && call is not null)
        {
            Subscribed(subscription, call, result with { Recovered = false });
        }
    }

    /// <summary>Sends a notice to this session alone, as the subscription would get it.</summary>
    internal bool Tell(RoomNotice notice, Subscription subscription)
    {
        if (IsClosing || RoomEncoder.Encode(notice, subscription.Encoding, Loop) is not { IsEmpty: false } frame)
        {
            return false;
        }

        Loop.Tally.Delivered(1);
        Deliver(frame);
        return true;
    }

    /// <summary>Ends a subscription that the client did not ask to end, and has the dialect say so. False where there is none.</summary>
    internal bool EndSubscription(ChannelName channel, SubscriptionEnd reason)
    {
        if (Unsubscribe(channel, call: null) != Refusal.None)
        {
            return false;
        }

        TellDialect(session => session.Ended(channel, reason));
        return true;
    }

    /// <summary>What the session proved is none any more.</summary>
    /// <param name="channel">The one that it was about; null for the session's identity.</param>
    internal void Expire(ChannelName? channel)
    {
        if (channel is { } ended)
        {
            EndSubscription(ended, SubscriptionEnd.Expired);
        }
        else
        {
            Close(Disconnect.Expired);
        }
    }

    internal void ExpiresSoon(ChannelName? channel, long expiresAtMs) => TellDialect(session => session.Expiring(channel, expiresAtMs));

    internal void TellDialect<T>(Action<T> what)
        where T : class, IDialectSession
    {
        if (!IsClosing && _session is T part)
        {
            TellDialect(_ => what(part));
        }
    }

    internal void Unpark()
    {
        if (!IsClosing && (_parked is null || _parked.Retry()))
        {
            Resume();
        }
    }

    private void Subscribed(Subscription subscription, object? call, in SubscribeResult result)
    {
        try
        {
            _session.Subscribed(subscription.Channel, call, result);
        }
#pragma warning disable CA1031 // As in Received.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Fail(fault);
        }

        if (call is not null)
        {
            Answered(Weight(subscription));
        }
    }

    /// <summary>False, and no frames, when the dialect cannot encode one of them: then nothing was recovered.</summary>
    private bool TryEncode(ChannelEvent[] missed, in EncodingKey encoding, out List<FrameSlice> frames)
    {
        frames = new List<FrameSlice>(missed.Length);
        foreach (var item in missed)
        {
            if (item.Except == Id)
            {
                continue;
            }

            if (!RoomEncoder.TryEncode(item, encoding, Loop, out var frame))
            {
                frames.Clear();
                return false;
            }

            if (!frame.IsEmpty)
            {
                frames.Add(frame);
            }
        }

        return true;
    }

    private void Fail(Exception fault)
    {
        Loop.Report(_session, message: null, fault);
        Close(Disconnect.InternalError);
    }

    private void TellDialect(Action<IDialectSession> what)
    {
        try
        {
            what(_session);
        }
#pragma warning disable CA1031 // As in Received.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Fail(fault);
        }
    }

    /// <summary>Tells a channel's shard, behind what waits for its own shard: a session's commands keep their order.</summary>
    private void Tell(ChannelName channel, ShardMessage message)
    {
        var shard = _node.Shards.Of(channel);
        if (_parked is { Count: > 0 })
        {
            _parked.Add(shard, message);
        }
        else
        {
            shard.TellOrCall(message);
        }
    }

    private void LeaveAll(bool isLost)
    {
        foreach (var subscription in Subscriptions)
        {
            subscription.Expiry?.Stop();
            subscription.Room?.Remove(subscription);
            _node.Shards.Of(subscription.Channel).TellOrCall(new ShardMessage.Leave(subscription, isLost, Call: null));
        }

        _subscriptions = null;
    }

    private Refusal CheckSubscribe(ChannelName channel, in SubscribeRequest request)
    {
        if (IsClosing)
        {
            return Refusal.Unavailable;
        }

        if (IsSubscribed(channel))
        {
            return Refusal.AlreadySubscribed;
        }

        if (_subscriptions?.Count >= _node.SessionLimits.Subscriptions)
        {
            return Refusal.TooManySubscriptions;
        }

        return _node.Access.Subscribe(Identity, _names.Find(channel), request.Proven, request.Member);
    }

    private bool IsProven(ChannelName channel) => _hasProofs && Find(channel) is { IsProven: true };

    private void SetExpiry(Subscription subscription, long untilMs)
    {
        if (untilMs != Identity.Never)
        {
            (subscription.Expiry ??= new ExpiryTimer(this, subscription.Channel, _node.SessionLimits.ExpiryNoticeMs)).Set(untilMs);
        }
        else
        {
            subscription.Expiry?.Stop();
            subscription.Expiry = null;
        }
    }

    private void EndWhatIsNotAllowed()
    {
        foreach (var subscription in Subscriptions.ToArray())
        {
            if (_node.Access.Subscribe(Identity, _node.Access.Know(subscription.Channel), subscription.IsProven, subscription.Member) != Refusal.None)
            {
                EndSubscription(subscription.Channel, SubscriptionEnd.NotAllowed);
            }
        }
    }
}
