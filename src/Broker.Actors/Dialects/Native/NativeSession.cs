using System.Diagnostics.CodeAnalysis;
using Broker.Actors.Channels;
using Broker.Actors.Dialects.JsonRpc;
using Broker.Actors.Rights;
using Broker.Actors.Sessions;
using Broker.Actors.Tokens;
using Broker.Messages;

namespace Broker.Actors.Dialects.Native;

/// <summary>One client of the native dialect. Answers come as soon as they are known, in any order.</summary>
internal sealed class NativeSession(ISessionContext session, JsonRpcLimits limits, NativeOptions options, AppTokens tokens, EventNames names)
    : JsonRpcSession(session, limits, inOrder: false)
{
    private static readonly JsonRpcSignature ConnectParams = new(required: 0, ["app", "user", "token"]);
    private static readonly JsonRpcSignature SubscribeParams = new(required: 1, ["channel", "since", "presence", "token"]);
    private static readonly JsonRpcSignature ChannelOnly = new(required: 1, ["channel"]);
    private static readonly JsonRpcSignature PresenceParams = new(required: 1, ["channel", "token"]);
    private static readonly JsonRpcSignature RefreshParams = new(required: 2, ["channel", "token"]);
    private static readonly JsonRpcSignature PublishParams = new(required: 3, ["channel", "event", "data", "idempotencyKey", "token"]);
    private static readonly JsonRpcSignature HistoryParams = new(required: 1, ["channel", "since", "limit", "direction", "token"]);
    private static readonly JsonRpcSignature Nothing = new(required: 0, []);

    /// <summary>
    /// True when a connect failed and no later one has succeeded, so that the client means an app, or a user, that it has not
    /// got: what comes behind is not carried out in another's name.
    /// </summary>
    private bool _isLost;

    private int _refusedTokens;

    /// <summary>The app that is meant by a <c>connect</c> that names none.</summary>
    private string HomeApp => Session.Connection.Apps?.Only ?? options.App;

    protected override bool Speaks(in JsonRpcRequest request) => request.IsVersion2;

    protected override void Call(ref JsonRpcRequest request, scoped in ReplyTo to)
    {
        if (request.Params.ArePositional)
        {
            Refuse(to, InvalidParams("parameters come by name"));
        }
        else if (_isLost && !request.Is("connect"u8) && !request.Is("ping"u8))
        {
            Refuse(to, NativeErrors.UnknownApp with { Detail = "the connect before failed: connect again" });
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
        else if (request.Is("refresh"u8))
        {
            Refresh(ref request, to);
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
        NativeResult.Subscribed(payload, result, Left(result.ExpiresAtMs));
        EndResult(payload, reply);
    }

    public override void Unsubscribed(ChannelName channel, object call) => Answer((Reply)call, "{}"u8);

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

    public override void Ended(ChannelName channel, SubscriptionEnd reason)
    {
        var payload = Session.Scratch();
        NativeNotification.Unsubscribed(payload, channel, reason);
        Session.Send(payload.WrittenSpan);
    }

    public override void Expiring(ChannelName? channel, long expiresAtMs)
    {
        var payload = Session.Scratch();
        NativeNotification.Expiring(payload, channel, Left(expiresAtMs) ?? 0);
        Session.Send(payload.WrittenSpan);
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
        else if (TryProve(request.Params[4], channel, to, out var proof))
        {
            var call = Owe(to);
            Refuse(call, Session.Emit(channel, new EmitRequest(name, request.Params[2].Raw, echo: true, key, proof.IsGiven), call));
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
        else if (TryProve(request.Params[3], channel, to, out var proof))
        {
            var member = isPresent ? Member((Identity.User)Session.Identity, proof, info) : null;
            var view = isPresent ? NativeView.Members : NativeView.Events;
            var call = Owe(to);
            Refuse(call, Session.Subscribe(channel, new SubscribeRequest(view, since, member, proof.IsGiven, proof.UntilMs), call));
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
        else if (TryProve(request.Params[4], channel, to, out var proof) && Owe(to) is { } call)
        {
            Refuse(call, Session.History(channel, since, limit, isBackward, call, proof.IsGiven));
        }
    }

    private void ReadPresence(ref JsonRpcRequest request, scoped in ReplyTo to)
    {
        if (TryBind(ref request, PresenceParams, to) && TryReadChannel(request.Params[0], to, out var channel)
            && TryProve(request.Params[1], channel, to, out var proof) && Owe(to) is { } call)
        {
            Refuse(call, Session.Presence(channel, call, proof.IsGiven));
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
        _isLost = Session.Identity is Identity.Anonymous;
        if (!TryBind(ref request, ConnectParams, to))
        {
            return;
        }

        string? app = null;
        string? user = null;
        string? token = null;
        if (!request.Params[0].IsAbsent && !request.Params[0].TryGetString(out app))
        {
            Refuse(to, InvalidParams("`app` is not a string of Unicode text"));
        }
        else if (!request.Params[1].IsAbsent && !NativeParams.TryReadUser(request.Params[1], options.UserNameLength, out user))
        {
            Refuse(to, InvalidParams($"`user` is not a string of 1 to {options.UserNameLength} characters"));
        }
        else if (!request.Params[2].IsAbsent && !request.Params[2].TryGetString(out token))
        {
            Refuse(to, InvalidParams("`token` is not a string"));
        }
        else if (token is not null && user is not null)
        {
            Refuse(to, InvalidParams("`user` beside a `token`, which says who the user is"));
        }
        else if (token is not null)
        {
            ConnectBy(token, app ?? HomeApp, to);
        }
        else
        {
            ConnectAs(user, app ?? HomeApp, to);
        }
    }

    private void ConnectBy(string token, string app, scoped in ReplyTo to)
    {
        if (!TryVerify(app, token, to, out var claims))
        {
            return;
        }

        if (claims.Channel is not null || claims.Subject is null)
        {
            Refuse(to, NativeErrors.TokenMisplaced with { Detail = "to connect, a token has `sub` and no `channel`" });
            return;
        }

        Identify(claims.ToUser(), app, to);
    }

    private void ConnectAs(string? user, string app, scoped in ReplyTo to)
    {
        if (user is not null && !options.SelfNamedApps.Contains(app))
        {
            Refuse(to, NativeErrors.Forbidden with { Detail = "users of this app do not name themselves" });
            return;
        }

        Identify(user is null ? Identity.Anonymous.Instance : new Identity.User(user), app, to);
    }

    private void Identify(Identity identity, string app, scoped in ReplyTo to)
    {
        var refusal = Session.Identify(app, identity);
        if (refusal != Refusal.None)
        {
            Refuse(to, NativeErrors.Of(refusal));
            return;
        }

        _isLost = false;
        if (!to.IsNobody)
        {
            var payload = BeginResult();
            NativeResult.Connected(payload, Session.Id, app, (identity as Identity.User)?.Id, Left(identity.ExpiresAtMs));
            EndResult(payload, to);
        }
    }

    private void Refresh(ref JsonRpcRequest request, scoped in ReplyTo to)
    {
        if (!TryBind(ref request, RefreshParams, to) || !TryReadChannel(request.Params[0], to, out var channel)
            || !TryProve(request.Params[1], channel, to, out var proof))
        {
            return;
        }

        if (!proof.IsGiven)
        {
            Refuse(to, InvalidParams("`token` is not a string"));
            return;
        }

        var refusal = Session.Prove(channel, proof.UntilMs);
        if (refusal != Refusal.None)
        {
            Refuse(to, NativeErrors.Of(refusal));
        }
        else if (!to.IsNobody)
        {
            var payload = BeginResult();
            NativeResult.Refreshed(payload, Left(proof.UntilMs) ?? 0);
            EndResult(payload, to);
        }
    }

    /// <summary>Reads what a token for a single channel proves; where it does not, the request is refused.</summary>
    private bool TryProve(in JsonValue value, ChannelName channel, scoped in ReplyTo to, out NativeProof proof)
    {
        proof = NativeProof.None;
        if (value.IsAbsent)
        {
            return true;
        }

        if (!value.TryGetString(out var token))
        {
            Refuse(to, InvalidParams("`token` is not a string"));
            return false;
        }

        if (!TryVerify(Session.App, token, to, out var claims))
        {
            return false;
        }

        if (claims.Channel != channel.Text || (claims.Subject is { } subject && subject != (Session.Identity as Identity.User)?.Id))
        {
            Refuse(to, NativeErrors.TokenMisplaced with { Detail = "its `channel` is another, or its `sub` is not the connection's user" });
            return false;
        }

        proof = new NativeProof(IsGiven: true, claims.ExpiresAtMs, claims.Info);
        return true;
    }

    private bool TryVerify(string app, string token, scoped in ReplyTo to, [NotNullWhen(true)] out TokenClaims? claims)
    {
        // What is left of a batch is not judged once the connection is being closed for it.
        var verdict = _refusedTokens > options.RefusedTokens
            ? new TokenVerdict.Refused(TokenFault.Invalid)
            : tokens.Verify(app, token, Session.UnixMs);
        claims = (verdict as TokenVerdict.Valid)?.Claims;
        if (verdict is TokenVerdict.Refused refused)
        {
            Refuse(to, NativeErrors.Of(refused.Fault));
            if (++_refusedTokens > options.RefusedTokens)
            {
                Session.Close(Disconnect.TooManyRefusedTokens);
            }
        }

        return claims is not null;
    }

    /// <summary>A token's info is signed, so it counts before what the client says itself.</summary>
    private static MemberClaim Member(Identity.User user, in NativeProof proof, ReadOnlySpan<byte> info) =>
        new(user.Id, proof.Info.Length > 0 ? proof.Info : user.Info.Length > 0 ? user.Info : info.ToArray());

    private long? Left(long expiresAtMs) => expiresAtMs == Identity.Never ? null : Math.Max(expiresAtMs - Session.UnixMs, 0);

    /// <summary>A command that was taken is answered later.</summary>
    private void Refuse(Reply? call, Refusal refusal)
    {
        if (refusal != Refusal.None)
        {
            Refuse(call, NativeErrors.Of(refusal));
        }
    }
}
