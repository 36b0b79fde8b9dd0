using Broker.Actors.Channels;
using Broker.Actors.Dialects.JsonRpc;
using Broker.Actors.Rights;
using Broker.Actors.Sessions;
using Broker.Messages;

namespace Broker.Actors.Dialects.Native;

/// <summary>One client of the native dialect. Answers come as soon as they are known, in any order.</summary>
internal sealed class NativeSession(ISessionContext session, JsonRpcLimits limits, NativeOptions options, EventNames names)
    : JsonRpcSession(session, limits, inOrder: false)
{
    private static readonly JsonRpcSignature ConnectParams = new(required: 0, ["app", "user", "token"]);
    private static readonly JsonRpcSignature SubscribeParams = new(required: 1, ["channel", "since", "presence"]);
    private static readonly JsonRpcSignature ChannelOnly = new(required: 1, ["channel"]);
    private static readonly JsonRpcSignature PublishParams = new(required: 3, ["channel", "event", "data", "idempotencyKey"]);
    private static readonly JsonRpcSignature HistoryParams = new(required: 1, ["channel", "since", "limit", "direction"]);
    private static readonly JsonRpcSignature Nothing = new(required: 0, []);

    protected override bool Speaks(in JsonRpcRequest request) => request.IsVersion2;

    protected override void Call(ref JsonRpcRequest request, scoped in ReplyTo to)
    {
        if (request.Params.ArePositional)
        {
            Refuse(to, InvalidParams("parameters come by name"));
        }
        else if (request.Is("publish"u8))
        {
            Publish(ref request, to);
        }
        else if (request.Is("subscribe"u8))
        {
            Subscribe(ref request, to);
        }
        else if (request.Is("unsubscribe"u8))
        {
            Unsubscribe(ref request, to);
        }
        else if (request.Is("history"u8))
        {
            ReadHistory(ref request, to);
        }
        else if (request.Is("presence"u8))
        {
            ReadPresence(ref request, to);
        }
        else if (request.Is("ping"u8))
        {
            Ping(ref request, to);
        }
        else if (request.Is("connect"u8))
        {
            Connect(ref request, to);
        }
        else
        {
            Refuse(to, JsonRpcError.MethodNotFound);
        }
    }

    protected override JsonRpcError InvalidParams(string problem) => JsonRpcError.InvalidParams with { Detail = problem };

    public override void Subscribed(ChannelName channel, object? call, in SubscribeResult result)
    {
        if (call is not Reply reply)
        {
            return;
        }

        if (result.Refusal != Refusal.None)
        {
            Refuse(reply, NativeErrors.Of(result.Refusal));
            return;
        }

        var payload = BeginResult();
        NativeResult.Subscribed(payload, result);
        EndResult(payload, reply);
    }

    public override void Unsubscribed(ChannelName channel, object call) => Answer((Reply)call, "{}"u8);

    public override void Ended(ChannelName channel, SubscriptionEnd reason)
    {
        var payload = Session.Scratch();
        NativeNotification.Unsubscribed(payload, channel, reason);
        Session.Send(payload.WrittenSpan);
    }

    public override void Emitted(object call, in EmitResult result)
    {
        var reply = (Reply)call;
        if (result.Refusal != Refusal.None)
        {
            Refuse(reply, NativeErrors.Of(result.Refusal));
            return;
        }

        var payload = BeginResult();
        NativeResult.Emitted(payload, result);
        EndResult(payload, reply);
    }

    public override void History(object call, HistoryPage page)
    {
        var reply = (Reply)call;
        if (page.Refusal != Refusal.None)
        {
            Refuse(reply, NativeErrors.Of(page.Refusal));
            return;
        }

        var payload = BeginResult();
        NativeResult.History(payload, page);
        EndResult(payload, reply);
    }

    public override void Presence(object call, PresencePage page)
    {
        var reply = (Reply)call;
        if (page.Refusal != Refusal.None)
        {
            Refuse(reply, NativeErrors.Of(page.Refusal));
            return;
        }

        var payload = BeginResult();
        NativeResult.Presence(payload, page);
        EndResult(payload, reply);
    }

    private void Publish(ref JsonRpcRequest request, scoped in ReplyTo to)
    {
        if (!TryBind(ref request, PublishParams, to) || !TryReadChannel(request.Params[0], to, out var channel))
        {
            return;
        }

        string? key = null;
        if (!NativeParams.TryReadEventName(request.Params[1], names, out var name))
        {
            Refuse(to, InvalidParams("`event` is not a string of Unicode text"));
        }
        else if (!request.Params[3].IsAbsent && !request.Params[3].TryGetString(out key))
        {
            Refuse(to, InvalidParams("`idempotencyKey` is not a string of Unicode text"));
        }
        else
        {
            var call = Owe(to);
            Refuse(call, Session.Emit(channel, new EmitRequest(name, request.Params[2].Raw, echo: true, key), call));
        }
    }

    private void Subscribe(ref JsonRpcRequest request, scoped in ReplyTo to)
    {
        if (!TryBind(ref request, SubscribeParams, to) || !TryReadChannel(request.Params[0], to, out var channel))
        {
            return;
        }

        ReadOnlySpan<byte> info = default;
        var isPresent = !request.Params[2].IsAbsent;
        if (!NativeParams.TryReadSince(request.Params[1], out var since))
        {
            Refuse(to, InvalidParams("`since` is not a position that the broker gave"));
        }
        else if (isPresent && !NativeParams.TryReadPresence(request.Params[2], out info))
        {
            Refuse(to, InvalidParams("`presence` is not an object with `info` alone"));
        }
        else if (isPresent && Session.Identity is not Identity.User)
        {
            Refuse(to, NativeErrors.NotIdentified);
        }
        else
        {
            var member = isPresent ? new MemberClaim(((Identity.User)Session.Identity).Id, info.ToArray()) : null;
            var view = isPresent ? NativeView.Members : NativeView.Events;
            var call = Owe(to);
            Refuse(call, Session.Subscribe(channel, new SubscribeRequest(view, since, member), call));
        }
    }

    private void Unsubscribe(ref JsonRpcRequest request, scoped in ReplyTo to)
    {
        if (TryBind(ref request, ChannelOnly, to) && TryReadChannel(request.Params[0], to, out var channel))
        {
            var call = Owe(to);
            Refuse(call, Session.Unsubscribe(channel, call));
        }
    }

    private void ReadHistory(ref JsonRpcRequest request, scoped in ReplyTo to)
    {
        if (!TryBind(ref request, HistoryParams, to) || !TryReadChannel(request.Params[0], to, out var channel))
        {
            return;
        }

        if (!NativeParams.TryReadSince(request.Params[1], out var since))
        {
            Refuse(to, InvalidParams("`since` is not a position that the broker gave"));
        }
        else if (!NativeParams.TryReadLimit(request.Params[2], options.HistoryLimit, out var limit))
        {
            Refuse(to, InvalidParams("`limit` is not a whole number from 0"));
        }
        else if (!NativeParams.TryReadDirection(request.Params[3], out var isBackward))
        {
            Refuse(to, InvalidParams("`direction` is neither `forward` nor `backward`"));
        }
        else if (Owe(to) is { } call)
        {
            Refuse(call, Session.History(channel, since, limit, isBackward, call));
        }
    }

    private void ReadPresence(ref JsonRpcRequest request, scoped in ReplyTo to)
    {
        if (TryBind(ref request, ChannelOnly, to) && TryReadChannel(request.Params[0], to, out var channel) && Owe(to) is { } call)
        {
            Refuse(call, Session.Presence(channel, call));
        }
    }

    private void Ping(ref JsonRpcRequest request, scoped in ReplyTo to)
    {
        if (TryBind(ref request, Nothing, to))
        {
            Answer(to, "{}"u8);
        }
    }

    private void Connect(ref JsonRpcRequest request, scoped in ReplyTo to)
    {
        if (!TryBind(ref request, ConnectParams, to))
        {
            return;
        }

        string? app = null;
        string? user = null;
        if (!request.Params[0].IsAbsent && !request.Params[0].TryGetString(out app))
        {
            Refuse(to, InvalidParams("`app` is not a string of Unicode text"));
        }
        else if (!request.Params[1].IsAbsent && !NativeParams.TryReadUser(request.Params[1], options.UserNameLength, out user))
        {
            Refuse(to, InvalidParams($"`user` is not a string of 1 to {options.UserNameLength} characters"));
        }
        else if (!request.Params[2].IsAbsent)
        {
            Refuse(to, NativeErrors.TokensNotTaken);
        }
        else
        {
            Connect(app ?? Session.Connection.Apps?.Only ?? options.App, user, to);
        }
    }

    private void Connect(string app, string? user, scoped in ReplyTo to)
    {
        if (user is not null && !options.SelfNamedApps.Contains(app))
        {
            Refuse(to, NativeErrors.Forbidden with { Detail = "users of this app do not name themselves" });
            return;
        }

        var refusal = Session.Identify(app, user is null ? Identity.Anonymous.Instance : new Identity.User(user));
        if (refusal != Refusal.None)
        {
            Refuse(to, NativeErrors.Of(refusal));
            return;
        }

        if (!to.IsNobody)
        {
            var payload = BeginResult();
            NativeResult.Connected(payload, Session.Id, app, user);
            EndResult(payload, to);
        }
    }

    /// <summary>A command that was taken is answered later.</summary>
    private void Refuse(Reply? call, Refusal refusal)
    {
        if (refusal != Refusal.None)
        {
            Refuse(call, NativeErrors.Of(refusal));
        }
    }
}
