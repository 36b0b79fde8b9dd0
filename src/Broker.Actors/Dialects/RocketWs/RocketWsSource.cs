using System.Diagnostics;
using System.Text;
using System.Text.Unicode;
using Broker.Actors.Dialects.JsonRpc;
using Broker.Actors.Loops;
using Broker.Actors.Queries;
using Broker.Actors.Rights;
using Broker.Actors.Tokens;
using Broker.Messages;

namespace Broker.Actors.Dialects.RocketWs;

/// <summary>
/// RocketWS's message source: what backends POST. Knows no HTTP server; the node gives it bodies and sends its replies.
/// From any thread.
/// </summary>
public sealed class RocketWsSource(RocketWsOptions options, IIngress ingress)
{
    private const string Bearer = "Bearer ";

    private static readonly Identity Caller = new Identity.Backend("rocketws");

    private readonly SecretHash? _token = string.IsNullOrEmpty(options.SourceToken) ? null
        : SecretHash.Read(options.SourceToken) ?? throw new ArgumentException("The source's token begins as a hash and is none.", nameof(options));

    private readonly RocketWsVersion _version = RocketWsVersions.Parse(options.Version);
    private readonly SourceReader _reader01 = new(RocketWsVersion.V01, options.App, options.JsonDepth);
    private readonly SourceReader _reader02 = new(RocketWsVersion.V02, options.App, options.JsonDepth);

    /// <summary>Whether a request may use the source: by its token where one is set, else when what is open on this machine is open to it. The node answers others with 401.</summary>
    /// <param name="authorization">The Authorization header; null for none.</param>
    /// <param name="isOpen">True when the request came over loopback and through no proxy, and the app has no credentials that it should have brought.</param>
    public bool Admits(string? authorization, bool isOpen) => _token is null
        ? isOpen
        : authorization?.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) == true && _token.Matches(authorization[Bearer.Length..].Trim());

    /// <summary>Carries out what a POST asks for; the requests of a batch one after the other, in order.</summary>
    /// <param name="body">Left alone until the reply is there.</param>
    /// <param name="query">The request's query: <c>?v=0.1</c> asks for a version.</param>
    /// <param name="publisher">Who sent it.</param>
    public async ValueTask<SourceReply> PostAsync(ReadOnlyMemory<byte> body, string query, IPublisher publisher)
    {
        var reader = RocketWsVersions.Find(query, _version) == RocketWsVersion.V01 ? _reader01 : _reader02;
        var payload = new PayloadWriter();
        if (!Utf8.IsValid(body.Span))
        {
            await AnswerAsync(publisher, reader, SourceReader.Failed(JsonRpcError.ParseError), payload);
        }
        else if (reader.Read(body) is { } request)
        {
            await AnswerAsync(publisher, reader, request, payload);
        }
        else
        {
            await AnswerAllAsync(publisher, reader, body, payload);
        }

        return payload.WrittenCount == 0 ? SourceReply.NoContent
            : options.LegacyReplyText ? new SourceReply(200, "text/html; charset=utf-8", PythonReply.Write(payload.WrittenMemory))
            : new SourceReply(200, "application/json", payload.WrittenSpan.ToArray());
    }

    private async ValueTask AnswerAllAsync(IPublisher publisher, SourceReader reader, ReadOnlyMemory<byte> body, PayloadWriter payload)
    {
        var requests = Split(body);
        if (requests.Length == 0 || requests.Length > options.BatchRequests)
        {
            var detail = requests.Length == 0 ? null : $"a batch holds at most {options.BatchRequests} requests";
            await AnswerAsync(publisher, reader, SourceReader.Failed(JsonRpcError.InvalidRequest with { Detail = detail }), payload);
            return;
        }

        foreach (var text in requests)
        {
            var request = reader.Read(text) ?? SourceReader.Failed(JsonRpcError.InvalidRequest);
            if (!request.Id.IsEmpty)
            {
                payload.Write(payload.WrittenCount == 0 ? "["u8 : ","u8);
            }

            await AnswerAsync(publisher, reader, request, payload);
        }

        payload.Write(payload.WrittenCount == 0 ? [] : "]"u8);
    }

    private ReadOnlyMemory<byte>[] Split(ReadOnlyMemory<byte> body)
    {
        var requests = new ReadOnlyMemory<byte>[JsonArray.Count(body.Span, options.JsonDepth)];
        var array = new JsonArray(body.Span, options.JsonDepth);
        for (var i = 0; array.TryNext(out var text, out var start); i++)
        {
            requests[i] = body.Slice(start, text.Length);
        }

        return requests;
    }

    /// <summary>Carries a request out; writes nothing for a notification.</summary>
    private async ValueTask AnswerAsync(IPublisher publisher, SourceReader reader, SourceRequest request, PayloadWriter payload)
    {
        var (result, error) = await CarryOutAsync(publisher, reader.Version, request.Call);
        if (request.Id.IsEmpty)
        {
            return;
        }

        if (error is { } failed)
        {
            SourceWriter.Error(payload, request, failed);
        }
        else
        {
            SourceWriter.Result(payload, request, result);
        }
    }

    private async ValueTask<(byte[] Result, JsonRpcError? Error)> CarryOutAsync(
        IPublisher publisher, RocketWsVersion version, SourceCall call) => call switch
        {
            SourceCall.Emit or SourceCall.NotifyAll when !publisher.MayPublishNow(options.App, Caller) =>
                ([], RocketWsErrors.Of(Refusal.TooManyPublishes, version)),
            SourceCall.Emit emit => await EmitAsync(version, emit),
            SourceCall.NotifyAll notify => Result(await AskAsync(
                new NodeQuery.Broadcast(options.App, notify.Data.ToArray(), options.NotifyAllOncePerClient))),
            SourceCall.TotalSubscribers subscribers => Result(await AskAsync(
                new NodeQuery.Subscribers(options.App, subscribers.Channel))),
            SourceCall.AvailableChannels => Result(await AskAsync(new NodeQuery.Channels(options.App))),
            SourceCall.Known known => (Encoding.UTF8.GetBytes(known.Json), null),
            SourceCall.Failed failed => ([], failed.Error),
            _ => throw new UnreachableException(),
        };

    private async ValueTask<(byte[] Result, JsonRpcError? Error)> EmitAsync(RocketWsVersion version, SourceCall.Emit emit)
    {
        var result = await ingress.EmitAsync(Caller, emit.Channel, name: null, emit.Data);
        return result.Refusal == Refusal.None
            ? (SourceWriter.Emitted(result.Receivers), null)
            : ([], RocketWsErrors.Of(result.Refusal, version));
    }

    private Task<NodeAnswer> AskAsync(NodeQuery query) => ingress.AskAsync(Caller, query);

    private static (byte[] Result, JsonRpcError? Error) Result(NodeAnswer answer) => answer switch
    {
        NodeAnswer.Delivered delivered => (SourceWriter.Notified(delivered.Copies), null),
        NodeAnswer.Addresses addresses => (SourceWriter.Pairs(addresses.Remotes), null),
        NodeAnswer.ChannelNames names => (SourceWriter.Names(names.Names), null),
        _ => throw new UnreachableException(),
    };
}
