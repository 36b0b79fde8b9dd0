using Broker.Actors.Dialects.JsonRpc;
using Broker.Messages;

namespace Broker.Actors.Dialects.RocketWs;

/// <summary>Reads requests to the message source: its methods and their parameters, by version.</summary>
internal sealed class SourceReader(RocketWsVersion version, string app, int maxDepth)
{
    private static readonly JsonRpcSignature ChannelAndData = new(required: 2, ["channel", "data"]);
    private static readonly JsonRpcSignature DataOnly = new(required: 1, ["data"]);
    private static readonly JsonRpcSignature MaybeChannel = new(required: 0, ["channel"]);
    private static readonly JsonRpcSignature Nothing = new(required: 0, []);

    private static readonly ReadOnlyMemory<byte> NullId = "null"u8.ToArray();

    public RocketWsVersion Version { get; } = version;

    public static SourceRequest Failed(in JsonRpcError error) => new(new SourceCall.Failed(error), NullId, IsVersion1: false);

    /// <summary>Null for a batch: its requests are read one by one.</summary>
    public SourceRequest? Read(ReadOnlyMemory<byte> text)
    {
        var verdict = JsonRpcReader.Read(text.Span, maxDepth, out var request);
        return verdict switch
        {
            JsonRpcVerdict.Unparsable => Failed(JsonRpcError.ParseError),
            JsonRpcVerdict.Batch => null,
            JsonRpcVerdict.Request when request.HasVersion => new(ReadCall(ref request, text), CopyId(request), IsVersion1: false),
            JsonRpcVerdict.Request => ReadVersion1(ref request, text),
            _ => Failed(JsonRpcError.InvalidRequest),
        };
    }

    /// <summary>JSON-RPC 1.0: parameters by position and an id must be there; with the id null it is a notification.</summary>
    private SourceRequest ReadVersion1(ref JsonRpcRequest request, ReadOnlyMemory<byte> text)
    {
        if (request.Id.IsEmpty || !request.HasParams || !request.Params.ArePositional)
        {
            return Failed(JsonRpcError.InvalidRequest) with { IsVersion1 = true };
        }

        var id = request.Id.SequenceEqual("null"u8) ? default : CopyId(request);
        return new SourceRequest(ReadCall(ref request, text), id, IsVersion1: true);
    }

    private static ReadOnlyMemory<byte> CopyId(in JsonRpcRequest request) => request.Id.ToArray();

    private SourceCall ReadCall(ref JsonRpcRequest request, ReadOnlyMemory<byte> text)
    {
        if (request.Is("emit"u8))
        {
            return ReadEmit(ref request, text);
        }

        if (request.Is("notify_all"u8))
        {
            return ReadNotifyAll(ref request, text);
        }

        if (request.Is("total_subscribers"u8) || request.Is("get_subscribers"u8))
        {
            return ReadTotalSubscribers(ref request);
        }

        if (request.Is("available_channels"u8))
        {
            return WithoutParams(ref request, new SourceCall.AvailableChannels());
        }

        return Version == RocketWsVersion.V02 && Constant(request) is { } known
            ? WithoutParams(ref request, known)
            : new SourceCall.Failed(JsonRpcError.MethodNotFound);
    }

    private static SourceCall.Known? Constant(in JsonRpcRequest request) =>
        request.Is("ping"u8) ? new("{\"ping\":\"ok\"}")
        : request.Is("heartbeat"u8) ? new("{\"heartbeat\":\"ok\"}")
        : request.Is("flush_dead_clients"u8) ? new("{\"flushed\":0}")   // who is gone is forgotten at once
        : null;

    private SourceCall ReadEmit(ref JsonRpcRequest request, ReadOnlyMemory<byte> text)
    {
        if (request.Params.Bind(ChannelAndData) is { } problem)
        {
            return InvalidParams(problem);
        }

        if (!request.Params[0].TryGetString(out var channel))
        {
            return InvalidParams("`channel` is not a string of Unicode text");
        }

        var data = request.Params[1];
        return data.IsObject
            ? new SourceCall.Emit(new ChannelName(app, channel), text.Slice(data.Start, data.Raw.Length))
            : new SourceCall.Failed(RocketWsErrors.NotADict(data));
    }

    private SourceCall ReadNotifyAll(ref JsonRpcRequest request, ReadOnlyMemory<byte> text)
    {
        if (request.Params.Bind(DataOnly) is { } problem)
        {
            return InvalidParams(problem);
        }

        var data = request.Params[0];
        return data.IsObject
            ? new SourceCall.NotifyAll(text.Slice(data.Start, data.Raw.Length))
            : new SourceCall.Failed(RocketWsErrors.NotADictForAll(data));
    }

    private SourceCall ReadTotalSubscribers(ref JsonRpcRequest request)
    {
        if (request.Params.Bind(MaybeChannel) is { } problem)
        {
            return InvalidParams(problem);
        }

        var channel = request.Params[0];
        if (channel.IsAbsent)
        {
            return new SourceCall.TotalSubscribers(Channel: null);
        }

        return channel.TryGetString(out var name)
            ? new SourceCall.TotalSubscribers(name)
            : InvalidParams("`channel` is neither a string of Unicode text nor null");
    }

    private SourceCall WithoutParams(ref JsonRpcRequest request, SourceCall call) =>
        request.Params.Bind(Nothing) is { } problem ? InvalidParams(problem) : call;

    private SourceCall.Failed InvalidParams(string problem) => new(RocketWsErrors.InvalidParams(problem, Version));
}
