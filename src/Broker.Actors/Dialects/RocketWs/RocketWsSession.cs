using Broker.Actors.Dialects.JsonRpc;
using Broker.Messages;

namespace Broker.Actors.Dialects.RocketWs;

/// <summary>One WebSocket client of RocketWS. Answers come in the order of its requests.</summary>
internal sealed class RocketWsSession(ISessionContext session, JsonRpcLimits limits, RocketWsVersion version)
    : JsonRpcSession(session, limits, inOrder: true)
{
    /// <summary>The original's hidden parameter: whatever a client sends as its address is ignored.</summary>
    private const string Address = "address";

    private static readonly JsonRpcSignature ChannelOnly = new(required: 1, ["channel"], Address);
    private static readonly JsonRpcSignature ChannelAndData = new(required: 2, ["channel", "data"], Address);
    private static readonly JsonRpcSignature Nothing = new(required: 0, [], Address);

    /// <summary>The original read 1.0 and unknown versions as 2.0, and answers here in 2.0's form.</summary>
    protected override bool Speaks(in JsonRpcRequest request) => true;

    protected override void Call(ref JsonRpcRequest request, scoped in ReplyTo to)
    {
        if (request.Is("send_data"u8))
        {
            SendData(ref request, to);
        }
        else if (request.Is("subscribe"u8))
        {
            Subscribe(ref request, to);
        }
        else if (request.Is("unsubscribe"u8))
        {
            Unsubscribe(ref request, to);
        }
        else if (version == RocketWsVersion.V02 && request.Is("heartbeat"u8))
        {
            Heartbeat(ref request, to);
        }
        else
        {
            Refuse(to, JsonRpcError.MethodNotFound);
        }
    }

    protected override JsonRpcError InvalidParams(string problem) => RocketWsErrors.InvalidParams(problem, version);

    public override void Subscribed(ChannelName channel, object? call, in SubscribeResult result)
    {
        // Not subscribed: an unsubscribe came right behind, and both succeed.
        if (result.Refusal is Refusal.None or Refusal.NotSubscribed)
        {
            Answer((Reply?)call, "\"subscribed\""u8);
        }
        else
        {
            Refuse((Reply?)call, RocketWsErrors.Of(result.Refusal, version));
        }
    }

    public override void Unsubscribed(ChannelName channel, object call) => Answer((Reply)call, "\"unsubscribed\""u8);

    public override void Emitted(object call, in EmitResult result)
    {
        var reply = (Reply)call;
        if (result.Refusal != Refusal.None)
        {
            Refuse(reply, RocketWsErrors.Of(result.Refusal, version));
            return;
        }

        var payload = BeginResult();
        payload.Write("\"emitted: "u8);
        payload.WriteNumber(result.Receivers);
        payload.Write("\""u8);
        EndResult(payload, reply);
    }

    private void SendData(ref JsonRpcRequest request, scoped in ReplyTo to)
    {
        if (!TryBind(ref request, ChannelAndData, to) || !TryReadChannel(request.Params[0], to, out var channel))
        {
            return;
        }

        var data = request.Params[1];
        if (!Session.IsSubscribed(channel))
        {
            Refuse(to, RocketWsErrors.NotASubscriber(Session.Connection.Remote, channel.Text));
        }
        else if (!data.IsObject)
        {
            Refuse(to, RocketWsErrors.NotADict(data));
        }
        else
        {
            var call = Owe(to);
            var refusal = Session.Emit(channel, new EmitRequest(name: null, data.Raw, echo: version == RocketWsVersion.V01), call);
            if (refusal != Refusal.None)
            {
                Refuse(call, RocketWsErrors.Of(refusal, version));
            }
        }
    }

    private void Subscribe(ref JsonRpcRequest request, scoped in ReplyTo to)
    {
        if (!TryBind(ref request, ChannelOnly, to) || !TryReadChannel(request.Params[0], to, out var channel))
        {
            return;
        }

        var call = Owe(to);
        var refusal = Session.Subscribe(channel, new SubscribeRequest((int)version), call);
        if (refusal == Refusal.AlreadySubscribed)
        {
            Answer(call, "\"subscribed\""u8);
        }
        else if (refusal != Refusal.None)
        {
            Refuse(call, RocketWsErrors.Of(refusal, version));
        }
    }

    private void Unsubscribe(ref JsonRpcRequest request, scoped in ReplyTo to)
    {
        if (!TryBind(ref request, ChannelOnly, to) || !TryReadChannel(request.Params[0], to, out var channel))
        {
            return;
        }

        var call = Owe(to);
        if (Session.Unsubscribe(channel, call) != Refusal.None)
        {
            Answer(call, "\"unsubscribed\""u8);
        }
    }

    private void Heartbeat(ref JsonRpcRequest request, scoped in ReplyTo to)
    {
        if (TryBind(ref request, Nothing, to))
        {
            Answer(to, "{\"heartbeat\":\"ok\"}"u8);
        }
    }
}
