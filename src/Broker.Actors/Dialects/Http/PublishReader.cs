using System.Globalization;
using System.Text.Json;
using Broker.Actors.Dialects.JsonRpc;
using Broker.Messages;

namespace Broker.Actors.Dialects.Http;

/// <summary>
/// Reads what <c>publish</c> and <c>batch</c> bring. The data of each event stays where it is in the body.
/// <code>
/// publish  {"app"?,"channel"|"channels","event"?,"data","idempotencyKey"?}
/// batch    {"app"?,"batch":[publish without "app",...]}
/// </code>
/// </summary>
internal sealed class PublishReader(HttpApiOptions options)
{
    // The slots of what an entry of a batch has come first.
    private static readonly JsonRpcSignature Entry = new(required: 0, ["channel", "channels", "event", "data", "idempotencyKey"]);
    private static readonly JsonRpcSignature Single = new(required: 0, ["channel", "channels", "event", "data", "idempotencyKey", "app"]);
    private static readonly JsonRpcSignature Batch = new(required: 0, ["batch", "app"]);

    /// <param name="app">What the query says; what the body says when this returns.</param>
    /// <param name="isOne">True when one channel was named as such, so that one answer is expected and not a list.</param>
    public ApiProblem? ReadPublish(ReadOnlyMemory<byte> body, ref string app, List<Publication> publications, out bool isOne)
    {
        isOne = false;
        if ((ApiBody.Read(body.Span, Single, options.JsonDepth, at: "", out var members) ?? ReadApp(members[5], ref app)) is { } problem)
        {
            return problem;
        }

        isOne = members[1].IsAbsent;
        return ReadEntry(ref members, body, at: "", app, publications);
    }

    public ApiProblem? ReadBatch(ReadOnlyMemory<byte> body, ref string app, List<Publication> publications)
    {
        if ((ApiBody.Read(body.Span, Batch, options.JsonDepth, at: "", out var members) ?? ReadApp(members[1], ref app)) is { } problem)
        {
            return problem;
        }

        var batch = members[0];
        if (batch.Kind != JsonTokenType.StartArray)
        {
            return ApiProblem.Bad("/batch", batch.IsAbsent ? "is missing" : "is not an array");
        }

        var entries = new JsonArray(batch.Raw, options.JsonDepth);
        for (var index = 0; entries.TryNext(out var text, out var start); index++)
        {
            var at = string.Create(CultureInfo.InvariantCulture, $"/batch/{index}");
            if ((ApiBody.Read(text, Entry, options.JsonDepth, at, out var entry)
                ?? ReadEntry(ref entry, body.Slice(batch.Start + start, text.Length), at, app, publications)) is { } wrong)
            {
                return wrong;
            }
        }

        return null;
    }

    private static ApiProblem? ReadApp(JsonValue value, ref string app)
    {
        var problem = ApiParams.Optional(value, "/app", out var named);
        app = named ?? app;
        return problem;
    }

    private ApiProblem? ReadEntry(ref JsonRpcParams members, ReadOnlyMemory<byte> text, string at, string app, List<Publication> publications)
    {
        var data = members[3];
        if (data.IsMissing)
        {
            return ApiProblem.Bad(at + "/data", "is missing");
        }

        if (data.Raw.Length > options.DataBytes)
        {
            return ApiProblem.DataTooLarge with { Pointer = at + "/data" };
        }

        string? key = null;
        if ((ApiParams.Optional(members[2], at + "/event", out var name)
            ?? ApiParams.Optional(members[4], at + "/idempotencyKey", out key)) is { } problem)
        {
            return problem;
        }

        var publication = new Publication(default, name, text.Slice(data.Start, data.Raw.Length), key);
        if (members[1].IsAbsent)
        {
            return ApiParams.Required(members[0], at + "/channel", out var channel)
                ?? Add(publication with { Channel = new ChannelName(app, channel) }, at, publications);
        }

        return members[0].IsAbsent
            ? ReadChannels(members[1], at, app, publication, publications)
            : ApiProblem.Bad(at + "/channels", "is there beside channel; there is one or the other");
    }

    private ApiProblem? ReadChannels(JsonValue channels, string at, string app, Publication publication, List<Publication> publications)
    {
        if (channels.Kind != JsonTokenType.StartArray)
        {
            return ApiProblem.Bad(at + "/channels", "is not an array");
        }

        var names = new JsonArray(channels.Raw, options.JsonDepth);
        for (var index = 0; names.TryNext(out var text, out _); index++)
        {
            // An element that is a string begins with its quote.
            if (text[0] != '"' || !JsonText.TryGetString(text[1..^1], out var channel))
            {
                return ApiProblem.Bad(string.Create(CultureInfo.InvariantCulture, $"{at}/channels/{index}"), "is not a string of Unicode text");
            }

            if (Add(publication with { Channel = new ChannelName(app, channel) }, at, publications) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }

    private ApiProblem? Add(Publication publication, string at, List<Publication> publications)
    {
        if (publications.Count == options.BatchEntries)
        {
            return ApiProblem.TooManyEntries with { Pointer = at, Detail = $"One request may publish to {options.BatchEntries} channels in all." };
        }

        publications.Add(publication);
        return null;
    }
}
