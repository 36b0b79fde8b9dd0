using System.Text.Json;

namespace Broker.Actors.Tokens;

/// <summary>What a token's header says that matters before its signature is known.</summary>
internal static class TokenHeader
{
    /// <summary>False when it is no header, or asks for something that must be understood (<c>crit</c>, RFC 7515 section 4.1.11) and is not.</summary>
    public static bool TryRead(byte[] json, in JsonDocumentOptions options, out string? algorithm, out string? id)
    {
        (algorithm, id) = (null, null);
        try
        {
            using var document = JsonDocument.Parse(json, options);
            var header = document.RootElement;
            return header.ValueKind == JsonValueKind.Object
                && !header.TryGetProperty("crit"u8, out _)
                && JsonMember.TryGetText(header, "alg"u8, out algorithm)
                && algorithm is not null
                && JsonMember.TryGetText(header, "kid"u8, out id);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
