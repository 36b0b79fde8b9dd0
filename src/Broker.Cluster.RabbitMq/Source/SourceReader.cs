using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Broker.Actors.Dialects.Http;
using Broker.Messages;
using RabbitMQ.Client;

namespace Broker.Cluster.RabbitMq.Source;

/// <summary>
/// Reads messages, in the one form that docs/amqp.md describes:
/// <code>
/// routing key     the channel; empty where the header "channel" names it
/// body            the event's data: one JSON value in UTF-8
/// type            the event's name; may be left out
/// message_id      the idempotency key; may be left out
/// content_type    application/json, or left out
/// headers         "app", "channel", "traceparent": texts; others are left alone
/// </code>
/// </summary>
internal sealed class SourceReader(SourceOptions options, ISourceApps apps)
{
    private const string Json = "application/json";

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly ApiProblem NotJson = ApiProblem.BadJson with { Title = "The body is not one JSON value in UTF-8." };

    /// <returns>Why it can never be published; null when <paramref name="message"/> is there.</returns>
    public ApiProblem? Read(string routingKey, IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body, out SourceMessage? message)
    {
        message = null;
        string? app = null, cause = null;
        var channel = "";
        if ((CheckType(properties)
            ?? Header(properties, "app", out app)
            ?? Channel(routingKey, properties, out channel)
            ?? Header(properties, "traceparent", out cause)) is { } problem)
        {
            return problem;
        }

        app ??= options.App;
        if (!apps.Serves(app))
        {
            return ApiProblem.UnknownApp;
        }

        if (ReadData(body, out var data) is { } wrong)
        {
            return wrong;
        }

        message = new SourceMessage(
            new ChannelName(app, channel),
            properties.IsTypePresent() ? properties.Type : null,
            data,
            properties.IsMessageIdPresent() ? properties.MessageId : null,
            ActivityContext.TryParse(cause, traceState: null, isRemote: true, out var parent) ? parent : null);
        return null;
    }

    private static ApiProblem? CheckType(IReadOnlyBasicProperties properties)
    {
        if (properties.IsContentTypePresent() && properties.ContentType is { Length: > 0 } type
            && !type.Split(';', 2)[0].Trim().Equals(Json, StringComparison.OrdinalIgnoreCase))
        {
            return ApiProblem.UnsupportedMediaType with { Detail = "content_type is not " + Json };
        }

        return properties.IsContentEncodingPresent() && properties.ContentEncoding?.ToUpperInvariant() is not (null or "" or "UTF-8" or "UTF8" or "IDENTITY")
            ? ApiProblem.UnsupportedMediaType with { Detail = "content_encoding is not UTF-8" }
            : null;
    }

    /// <summary>
    /// The header counts only where the routing key is empty: else whoever may publish with some routing keys only, by RabbitMQ's
    /// topic permissions, would get round them.
    /// </summary>
    private static ApiProblem? Channel(string routingKey, IReadOnlyBasicProperties properties, out string channel)
    {
        channel = routingKey;
        if (Header(properties, "channel", out var named) is { } problem)
        {
            return problem;
        }

        if (named is not null && routingKey.Length > 0)
        {
            return Bad("there is a routing key beside the header channel: there is one or the other");
        }

        channel = named ?? routingKey;
        return channel.Length == 0 ? Bad("there is neither a routing key nor a header channel")
            : named is null && channel.Contains('\uFFFD', StringComparison.Ordinal) ? Bad("the routing key is not UTF-8")
            : null;
    }

    private static ApiProblem? Header(IReadOnlyBasicProperties properties, string name, out string? text)
    {
        text = null;
        if (!properties.IsHeadersPresent() || properties.Headers?.TryGetValue(name, out var value) != true || value is null)
        {
            return null;
        }

        try
        {
            text = value switch
            {
                byte[] bytes => Strict.GetString(bytes),
                string said => said,
                _ => null,
            };
        }
        catch (DecoderFallbackException)
        {
            // As any other value that is no text.
        }

        return text is null ? Bad($"the header {name} is not text") : null;
    }

    private ApiProblem? ReadData(ReadOnlyMemory<byte> body, out ReadOnlyMemory<byte> data)
    {
        data = body;
        if (body.Length > options.DataBytes)
        {
            return ApiProblem.DataTooLarge;
        }

        if (!Utf8.IsValid(body.Span))
        {
            return NotJson with { Detail = "the body is not UTF-8" };
        }

        try
        {
            var reader = new Utf8JsonReader(body.Span, new JsonReaderOptions { MaxDepth = options.JsonDepth });
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            data = body[start..(int)reader.BytesConsumed];   // without the space around it
            while (reader.Read())
            {
                // What stands behind the value is found here.
            }

            return null;
        }
        catch (JsonException wrong)
        {
            return NotJson with { Detail = $"the body cannot be read at line {wrong.LineNumber + 1}, byte {wrong.BytePositionInLine + 1}" };
        }
    }

    private static ApiProblem Bad(string detail) => ApiProblem.BadParameter with { Detail = detail };
}
