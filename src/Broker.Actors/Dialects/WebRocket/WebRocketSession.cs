using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;
using Broker.Actors.Channels;
using Broker.Actors.Dialects.JsonRpc;
using Broker.Actors.Dialects.Native;
using Broker.Actors.Queries;
using Broker.Actors.Rights;
using Broker.Actors.Sessions;
using Broker.Messages;

namespace Broker.Actors.Dialects.WebRocket;

/// <summary>
/// One WebRocket client. Answers come in the order of its messages. What it may do is its identity's to say, which is nobody's until it
/// authenticates; what a channel allows, and whether it is there, the core's.
/// </summary>
public sealed class WebRocketSession : IDialectSession
{
    private const int TokenLength = 40;

    private readonly ISessionContext _session;
    private readonly EventNames _names;
    private readonly Replies _replies;
    private WebRocketProtocol? _protocol;
    private List<HubKey>? _used;
    private string? _token;
    private bool _isLeaving;

    /// <param name="names">Those of events, shared by the hub's sessions.</param>
    internal WebRocketSession(ISessionContext session, WebRocketHub hub, EventNames names)
    {
        _session = session;
        _names = names;
        _replies = new Replies(session, inOrder: true, hub.OwedReplies);
        Hub = hub;
        if ((hub.Rights.Version ?? WebRocketVersions.Find(session.Connection.Query)) is { } version)
        {
            _protocol = WebRocketProtocol.Of(version);
        }
    }

    internal WebRocketHub Hub { get; }

    public void Opened()
    {
        if (_session.Identify(_session.App, HubKey.Nobody) != Refusal.None)
        {
            _session.Close(Disconnect.Unavailable);
        }
    }

    public void Received(ReadOnlySpan<byte> payload, FrameKind kind)
    {
        if (_isLeaving)
        {
            return;
        }

        var request = default(WebRocketRequest);
        var verdict = kind == FrameKind.Binary && !Utf8.IsValid(payload)
            ? JsonRpcVerdict.Invalid
            : WebRocketReader.Read(payload, Hub.JsonDepth, out request);
        _protocol ??= WebRocketProtocol.OfFirst(request);
        if (verdict == JsonRpcVerdict.Request)
        {
            _protocol.Receive(this, request);
            return;
        }

        if (verdict == JsonRpcVerdict.Unparsable && JsonRpcReader.IsTooDeep(payload))
        {
            _session.Met(Limit.JsonDepth);
        }

        Refuse(WebRocketError.InvalidPayload);
    }

    public void Subscribed(ChannelName channel, object? call, in SubscribeResult result)
    {
        if (call is not WebRocketReply reply)
        {
            return;
        }

        if (reply.Deed == WebRocketDeed.Authenticated)
        {
            Settle(reply, result.Refusal == Refusal.None ? _token : null);
        }
        else
        {
            // Not subscribed: an unsubscribe came right behind, and both succeed.
            Settle(reply, result.Refusal == Refusal.NotSubscribed ? Refusal.None : result.Refusal);
        }
    }

    public void Unsubscribed(ChannelName channel, object call) => Settle((WebRocketReply)call, Refusal.None);

    public void Emitted(object call, in EmitResult result)
    {
        var reply = (WebRocketReply)call;
        var isLost = reply.Deed == WebRocketDeed.DirectSent && result is { Refusal: Refusal.None, Receivers: 0 };
        Settle(reply, isLost ? Refusal.UnknownChannel : result.Refusal);
    }

    public void History(object call, HistoryPage page)
    {
    }

    public void Presence(object call, PresencePage page)
    {
    }

    public void Asked(object call, NodeAnswer answer)
    {
    }

    public void Closed()
    {
    }

    /// <summary>
    /// The hub's users or secrets are others now. A client that came in by what is not there any more, or gives less, is closed: it
    /// comes back to what there is.
    /// </summary>
    public void HubChanged()
    {
        if (_used is not null && !_used.TrueForAll(Hub.Rights.StillGives))
        {
            _session.Close(Disconnect.Expired);
        }
    }

    // For the protocols

    internal bool Has(Permissions wanted) => _session.Identity.May.HasFlag(wanted);

    internal void Refuse(WebRocketError error)
    {
        _replies.Send(default, _protocol!.Error(error));
    }

    internal void Succeed(WebRocketDeed deed, scoped ReadOnlySpan<byte> subject = default)
    {
        var payload = _session.Scratch();
        _protocol!.Success(payload, deed, subject, client: null);
        _replies.Send(default, payload.WrittenSpan);
    }

    /// <summary>Closes once all that was asked before is answered.</summary>
    internal void Leave()
    {
        _isLeaving = true;
        CloseIfDone();
    }

    /// <summary>Makes the client nobody again.</summary>
    internal void Forget(bool keepSubscriptions)
    {
        _session.Identify(_session.App, HubKey.Nobody, keepSubscriptions);
        if (!keepSubscriptions)
        {
            _used = null;
        }
    }

    /// <summary>
    /// Makes the client whom the key says, if the secret is right; else answers why not. A wrong secret costs what the client was before;
    /// neither touches its subscriptions.
    /// </summary>
    /// <param name="key">Null where there is none of this name.</param>
    /// <param name="unknown">The error in that case. It costs the client nothing, unless it is that of a wrong secret.</param>
    internal bool TryUse(HubKey? key, scoped in JsonValue secret, WebRocketError unknown)
    {
        var address = _session.Connection.Remote.Address;
        if (key is not { Secret.IsOpen: true } && !Hub.Guard.MayTry(address))
        {
            _session.Met(Limit.WrongSecrets);
            Refuse(WebRocketError.TooManyAttempts);
            return false;
        }

        if (key is null || !key.Secret.Matches(secret))
        {
            var error = key is null ? unknown : WebRocketError.InvalidCredentials;
            if (error == WebRocketError.InvalidCredentials)
            {
                Forget(keepSubscriptions: true);
            }

            Hub.Guard.Wrong(address);
            Refuse(error);
            return false;
        }

        _session.Identify(_session.App, key.Identity, keepSubscriptions: true);
        if (_used?.Contains(key) != true)
        {
            (_used ??= []).Add(key);
        }

        return true;
    }

    /// <summary>Answers that the client is authenticated; where clients can be written to, once this one can, and with its token.</summary>
    internal void Welcome(scoped ReadOnlySpan<byte> user)
    {
        if (!Hub.Rights.HasDirect)
        {
            Succeed(WebRocketDeed.Authenticated, user);
            return;
        }

        _token ??= RandomNumberGenerator.GetHexString(TokenLength, lowercase: true);
        var reply = Owe(WebRocketDeed.Authenticated, user);
        var refusal = _session.Subscribe(new ChannelName(Hub.DirectApp, _token), new SubscribeRequest(Version: 0), reply);
        if (refusal != Refusal.None)
        {
            Settle(reply, refusal == Refusal.AlreadySubscribed ? _token : null);
        }
    }

    internal void Subscribe(scoped in JsonValue name)
    {
        if (!Has(Permissions.Read))
        {
            Refuse(WebRocketError.AccessDenied);
        }
        else if (!TryReadChannel(name, out var channel))
        {
            Refuse(WebRocketError.InvalidPayload);
        }
        else if (channel.Text.Length == 0)
        {
            Refuse(WebRocketError.InvalidName);
        }
        else
        {
            var reply = Owe(WebRocketDeed.Subscribed, name.Raw);
            var refusal = _session.Subscribe(channel, new SubscribeRequest(Version: 0), reply);
            if (refusal != Refusal.None)
            {
                Settle(reply, refusal == Refusal.AlreadySubscribed ? Refusal.None : refusal);
            }
        }
    }

    internal void Unsubscribe(scoped in JsonValue name)
    {
        if (!TryReadChannel(name, out var channel))
        {
            Refuse(WebRocketError.InvalidPayload);
            return;
        }

        var reply = Owe(WebRocketDeed.Unsubscribed, name.Raw);
        if (_session.Unsubscribe(channel, reply) != Refusal.None)
        {
            Settle(reply, Refusal.None);   // there was nothing to end
        }
    }

    /// <param name="isAnyJson">True: an event's name that is no string is its own text.</param>
    internal void Publish(scoped in WebRocketRequest request, bool isAnyJson)
    {
        if (!Has(Permissions.Write))
        {
            Refuse(WebRocketError.AccessDenied);
        }
        else if (!TryReadName(request.Event, isAnyJson, out var name) || !TryReadChannel(request.Channel, out var channel))
        {
            Refuse(WebRocketError.InvalidPayload);
        }
        else
        {
            Emit(channel, name, request);
        }
    }

    private void Emit(ChannelName channel, string name, scoped in WebRocketRequest request)
    {
        if (channel.Text.Length == 0)
        {
            Refuse(WebRocketError.InvalidChannel);
            return;
        }

        var plain = (request.Data.IsMissing ? 2 : 3) == request.Members && request.Event.IsString;
        Emit(channel, name, request, plain ? default : request.Arguments, Owe(WebRocketDeed.Broadcasted, request.Channel.Raw));
    }

    /// <summary>Sends a message to one client, which gets the arguments as they came.</summary>
    internal void Send(string client, string name, scoped in WebRocketRequest request)
    {
        if (client.Length == TokenLength)
        {
            Emit(new ChannelName(Hub.DirectApp, client), name, request, request.Arguments, Owe(WebRocketDeed.DirectSent, request.Client.Raw));
        }
        else
        {
            Refuse(WebRocketError.InvalidClient);
        }
    }

    /// <summary>False where it is no string of Unicode text.</summary>
    private bool TryReadChannel(scoped in JsonValue value, out ChannelName channel)
    {
        channel = default;
        return value.IsString && ChannelText.TryRead(_session, value.Text, out channel);
    }

    /// <summary>Reads an event's name; false where there is none.</summary>
    /// <param name="isAnyJson">True: what is no string is its own text.</param>
    internal bool TryReadName(scoped in JsonValue value, bool isAnyJson, out string name)
    {
        name = "";
        if (value.IsString)
        {
            if (JsonText.HasEscapes(value.Text))
            {
                return JsonText.TryGetString(value.Text, out name);
            }

            name = _names.Get(value.Text);
            return true;
        }

        name = isAnyJson ? Encoding.UTF8.GetString(value.Raw) : "";
        return isAnyJson && !value.IsMissing;
    }

    private void Emit(ChannelName channel, string name, scoped in WebRocketRequest request, scoped ReadOnlySpan<byte> verbatim, WebRocketReply reply)
    {
        var emit = new EmitRequest(name, request.Data.Raw, echo: true) { Verbatim = verbatim, MustExist = true };
        var refusal = _session.Emit(channel, emit, reply);
        if (refusal != Refusal.None)
        {
            Settle(reply, refusal);
        }
    }

    private WebRocketReply Owe(WebRocketDeed deed, scoped ReadOnlySpan<byte> subject) =>
        _replies.Owe(new WebRocketReply(deed, subject.ToArray()));

    private void Settle(WebRocketReply reply, Refusal refusal)
    {
        if (refusal == Refusal.None)
        {
            Settle(reply, client: null);
        }
        else
        {
            _replies.Settle(reply, _protocol!.Error(WebRocketErrors.Of(refusal, reply.Deed)));
            CloseIfDone();
        }
    }

    private void Settle(WebRocketReply reply, string? client)
    {
        var payload = _session.Scratch();
        _protocol!.Success(payload, reply.Deed, reply.Id, client);
        _replies.Settle(reply, payload.WrittenSpan);
        CloseIfDone();
    }

    private void CloseIfDone()
    {
        if (_isLeaving && !_replies.HasWaiting)
        {
            _session.Close(Disconnect.Normal);
        }
    }
}
