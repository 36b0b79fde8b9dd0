using System.Text.Unicode;
using Broker.Actors.Channels;
using Broker.Actors.Loops;
using Broker.Actors.Queries;
using Broker.Actors.Sessions;
using Broker.Messages;

namespace Broker.Actors.Dialects.JsonRpc;

/// <summary>
/// One connection that speaks JSON-RPC 2.0: takes messages apart, has each request called, and sends the answers. A
/// call that the core answers later is a <see cref="Reply"/>.
/// </summary>
internal abstract class JsonRpcSession(ISessionContext session, JsonRpcLimits limits, bool inOrder) : IDialectSession
{
    private readonly Replies _replies = new(session, inOrder, limits.OwedReplies);

    protected ISessionContext Session { get; } = session;

    public void Received(ReadOnlySpan<byte> payload, FrameKind kind)
    {
        // The transport has checked text.
        if (kind == FrameKind.Binary && !Utf8.IsValid(payload))
        {
            Refuse(new ReplyTo("null"u8, batch: null), JsonRpcError.ParseError);
            return;
        }

        var verdict = JsonRpcReader.Read(payload, limits.Depth, out var request);
        if (verdict == JsonRpcVerdict.Unparsable && JsonRpcReader.IsTooDeep(payload))
        {
            Session.Met(Limit.JsonDepth);
        }

        if (verdict == JsonRpcVerdict.Batch)
        {
            ReceiveBatch(payload);
        }
        else
        {
            Receive(verdict, ref request, batch: null);
        }
    }

    public abstract void Subscribed(ChannelName channel, object? call, in SubscribeResult result);

    public abstract void Unsubscribed(ChannelName channel, object call);

    public abstract void Emitted(object call, in EmitResult result);

    public virtual void History(object call, HistoryPage page)
    {
    }

    public virtual void Presence(object call, PresencePage page)
    {
    }

    public virtual void Asked(object call, NodeAnswer answer)
    {
    }

    public virtual void Ended(ChannelName channel, SubscriptionEnd reason)
    {
    }

    public virtual void Expiring(ChannelName? channel, long expiresAtMs)
    {
    }

    public virtual void Closed()
    {
    }

    /// <summary>True when the dialect takes requests of this JSON-RPC version.</summary>
    protected abstract bool Speaks(in JsonRpcRequest request);

    /// <summary>Carries a request out; answers it, or has it owed.</summary>
    protected abstract void Call(ref JsonRpcRequest request, scoped in ReplyTo to);

    /// <summary>The error for parameters that the method does not take.</summary>
    protected abstract JsonRpcError InvalidParams(string problem);

    /// <summary>The call to give to the core; null for a notification.</summary>
    protected Reply? Owe(scoped in ReplyTo to) => to.IsNobody ? null : _replies.Owe(to);

    /// <summary>Binds a request's parameters; where they do not fit, the request is refused.</summary>
    protected bool TryBind(ref JsonRpcRequest request, JsonRpcSignature signature, scoped in ReplyTo to)
    {
        var problem = request.Params.Bind(signature);
        if (problem is not null)
        {
            Refuse(to, InvalidParams(problem));
        }

        return problem is null;
    }

    /// <summary>Reads a channel's name; where it is none, the request is refused.</summary>
    protected bool TryReadChannel(in JsonValue value, scoped in ReplyTo to, out ChannelName channel)
    {
        channel = default;
        if (value.IsString && ChannelText.TryRead(Session, value.Text, out channel))
        {
            return true;
        }

        Refuse(to, InvalidParams("`channel` is not a string of Unicode text"));
        return false;
    }

    /// <summary>What follows is the result, then <see cref="EndResult(PayloadWriter, in ReplyTo)"/>.</summary>
    protected PayloadWriter BeginResult()
    {
        var payload = Session.Scratch();
        JsonRpcWriter.BeginResult(payload);
        return payload;
    }

    protected void EndResult(PayloadWriter payload, scoped in ReplyTo to)
    {
        JsonRpcWriter.End(payload, to.Id);
        _replies.Send(to, payload.WrittenSpan);
    }

    protected void EndResult(PayloadWriter payload, Reply reply)
    {
        JsonRpcWriter.End(payload, reply.Id);
        _replies.Settle(reply, payload.WrittenSpan);
    }

    /// <summary>Answers with a result that is the same every time.</summary>
    protected void Answer(scoped in ReplyTo to, ReadOnlySpan<byte> json)
    {
        if (!to.IsNobody)
        {
            var payload = BeginResult();
            payload.Write(json);
            EndResult(payload, to);
        }
    }

    /// <inheritdoc cref="Answer(in ReplyTo, ReadOnlySpan{byte})"/>
    protected void Answer(Reply? reply, ReadOnlySpan<byte> json)
    {
        if (reply is not null)
        {
            var payload = BeginResult();
            payload.Write(json);
            EndResult(payload, reply);
        }
    }

    protected void Refuse(scoped in ReplyTo to, in JsonRpcError error)
    {
        if (!to.IsNobody)
        {
            var payload = Session.Scratch();
            JsonRpcWriter.Error(payload, error, to.Id);
            _replies.Send(to, payload.WrittenSpan);
        }
    }

    protected void Refuse(Reply? reply, in JsonRpcError error)
    {
        if (reply is not null)
        {
            var payload = Session.Scratch();
            JsonRpcWriter.Error(payload, error, reply.Id);
            _replies.Settle(reply, payload.WrittenSpan);
        }
    }

    private void Receive(JsonRpcVerdict verdict, ref JsonRpcRequest request, ReplyBatch? batch)
    {
        if (verdict == JsonRpcVerdict.Request && Speaks(request))
        {
            Call(ref request, new ReplyTo(request.Id, batch));
        }
        else
        {
            var error = verdict == JsonRpcVerdict.Unparsable ? JsonRpcError.ParseError : JsonRpcError.InvalidRequest;
            Refuse(new ReplyTo("null"u8, batch), error);
        }
    }

    private void ReceiveBatch(ReadOnlySpan<byte> payload)
    {
        var count = JsonArray.Count(payload, limits.Depth);
        if (count == 0 || count > limits.BatchRequests)
        {
            var detail = count == 0 ? null : $"a batch holds at most {limits.BatchRequests} requests";
            Refuse(new ReplyTo("null"u8, batch: null), JsonRpcError.InvalidRequest with { Detail = detail });
            return;
        }

        var batch = _replies.BeginBatch();
        for (var requests = new JsonArray(payload, limits.Depth); requests.TryNext(out var text, out _);)
        {
            var verdict = JsonRpcReader.Read(text, limits.Depth, out var request);
            Receive(verdict == JsonRpcVerdict.Batch ? JsonRpcVerdict.Invalid : verdict, ref request, batch);
        }

        _replies.EndBatch(batch);
    }
}
