using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Broker.Actors.Loops;
using Broker.Messages;

namespace Broker.Actors.Dialects.JsonRpc;

/// <summary>Writes JSON values into a payload; the common ones without building anything.</summary>
internal static class PayloadText
{
    /// <summary>ASCII that a JSON string holds as it is.</summary>
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        [.. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code).Where(c => c is not '"' and not '\\')]);

    extension(PayloadWriter payload)
    {
        public void WriteNumber(long value)
        {
            value.TryFormat(payload.GetSpan(20), out var written, default, CultureInfo.InvariantCulture);
            payload.Advance(written);
        }

        public void WriteBool(bool value) => payload.Write(value ? "true"u8 : "false"u8);

        /// <summary>A JSON string, with its quotes.</summary>
        public void WriteText(ReadOnlySpan<char> text)
        {
            payload.Write("\""u8);
            if (text.ContainsAnyExcept(Plain))
            {
                payload.Write(JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes);
            }
            else
            {
                payload.Advance(Encoding.UTF8.GetBytes(text, payload.GetSpan(text.Length)));
            }

            payload.Write("\""u8);
        }

        /// <summary>A JSON string, with its quotes.</summary>
        public void WriteEpoch(Epoch epoch)
        {
            payload.Write("\""u8);
            epoch.TryFormat(payload.GetSpan(Epoch.MaxTextLength), out var written);
            payload.Advance(written);
            payload.Write("\""u8);
        }

        /// <summary>A value that came as JSON; nothing at all counts as null.</summary>
        public void WriteJson(ReadOnlySpan<byte> json) => payload.Write(json.IsEmpty ? "null"u8 : json);
    }
}
