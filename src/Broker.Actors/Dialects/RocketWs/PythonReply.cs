using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Broker.Actors.Dialects.RocketWs;

/// <summary>
/// A reply, or a batch of replies, as the original sent it: Python 2's text of the dictionary instead of JSON. Text that
/// came from a client (ids, channels' names) has a <c>u</c> before its quotes; an address is a tuple.
/// </summary>
internal static class PythonReply
{
    public static byte[] Write(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var text = new StringBuilder();
        if (document.RootElement.ValueKind == JsonValueKind.Array)
        {
            AppendAll(text, document.RootElement, '[', ']', AppendReply);
        }
        else
        {
            AppendReply(text, document.RootElement);
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void AppendReply(StringBuilder text, JsonElement reply) => AppendObject(text, reply, member => member switch
    {
        "id" => AppendOfClient,
        "result" => AppendResult,
        _ => AppendOurs,
    });

    private static void AppendResult(StringBuilder text, JsonElement result)
    {
        if (result.ValueKind == JsonValueKind.Array)
        {
            AppendAll(text, result, '[', ']', AppendResultItem);
        }
        else
        {
            AppendOurs(text, result);
        }
    }

    /// <summary>A channel's name, or an address.</summary>
    private static void AppendResultItem(StringBuilder text, JsonElement item)
    {
        if (item.ValueKind == JsonValueKind.Array)
        {
            AppendAll(text, item, '(', ')', AppendOurs);
        }
        else
        {
            AppendOfClient(text, item);
        }
    }

    private static void AppendOfClient(StringBuilder text, JsonElement value)
    {
        text.Append(value.ValueKind == JsonValueKind.String ? "u" : "");
        AppendOurs(text, value);
    }

    private static void AppendOurs(StringBuilder text, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object: AppendObject(text, value, _ => AppendOurs); break;
            case JsonValueKind.Array: AppendAll(text, value, '[', ']', AppendOurs); break;
            case JsonValueKind.String: PythonText.AppendQuoted(text, PythonText.Plain(JsonMarshal.GetRawUtf8Value(value)[1..^1])); break;
            case JsonValueKind.Null: text.Append("None"); break;
            case JsonValueKind.True: text.Append("True"); break;
            case JsonValueKind.False: text.Append("False"); break;
            default: text.Append(value.GetRawText()); break;
        }
    }

    private static void AppendObject(StringBuilder text, JsonElement value, Func<string, Action<StringBuilder, JsonElement>> member)
    {
        text.Append('{');
        var separator = "";
        foreach (var property in value.EnumerateObject())
        {
            text.Append(separator).Append('\'').Append(property.Name).Append("': ");
            member(property.Name)(text, property.Value);
            separator = ", ";
        }

        text.Append('}');
    }

    private static void AppendAll(StringBuilder text, JsonElement items, char open, char close, Action<StringBuilder, JsonElement> append)
    {
        text.Append(open);
        var separator = "";
        foreach (var item in items.EnumerateArray())
        {
            text.Append(separator);
            append(text, item);
            separator = ", ";
        }

        text.Append(close);
    }
}
