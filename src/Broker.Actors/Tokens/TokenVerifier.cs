using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Broker.Actors.Tokens;

/// <summary>
/// Judges compact JWTs (RFC 7519, RFC 7515 section 7.1) of one app. Pure: the same keys, token and time give the same
/// verdict. Nothing that an unsigned token says is believed, but which key it means.
/// <code>
/// token   = base64url(header) "." base64url(claims) "." base64url(signature)
/// header  = {"alg":A, "kid":K, ...}
/// claims  = {"exp":T, "nbf":T, "iat":T, "iss":I, "aud":A or [A, ...], "sub":U, "info":ANY, "channels":[C, ...], "channel":C, ...}
/// </code>
/// </summary>
public sealed class TokenVerifier(IReadOnlyList<TokenKey> keys, TokenRules rules)
{
    private static readonly SearchValues<char> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    // A member that comes twice could mean one thing to the issuer and another here.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    /// <param name="unixMs">Milliseconds since 1970.</param>
    public TokenVerdict Verify(ReadOnlySpan<char> token, long unixMs)
    {
        if (token.Length > rules.MaxLength || token.ContainsAnyExcept(Alphabet) || token.Count('.') != 2)
        {
            return TokenVerdict.Refused.Invalid;
        }

        var ascii = new byte[token.Length];
        Encoding.ASCII.GetBytes(token, ascii);
        var firstDot = token.IndexOf('.');
        var lastDot = token.LastIndexOf('.');
        return Decode(ascii.AsSpan(0, firstDot)) is { } header
            && Decode(ascii.AsSpan(firstDot + 1, lastDot - firstDot - 1)) is { } claims
            && Decode(ascii.AsSpan(lastDot + 1)) is { } signature
            && FindKey(header, ascii.AsSpan(0, lastDot), signature) is { } key
            ? Judge(claims, key, unixMs)
            : TokenVerdict.Refused.Invalid;
    }

    /// <summary>The key that signed it; null when none did.</summary>
    private TokenKey? FindKey(byte[] header, ReadOnlySpan<byte> signed, byte[] signature)
    {
        if (!TokenHeader.TryRead(header, Strict, out var algorithm, out var id))
        {
            return null;
        }

        // A name that some key has means those keys; else it may mean any that has none.
        var isKnown = id is not null && keys.Any(key => key.Id == id);
        foreach (var key in keys)
        {
            if (key.Signature.Algorithm.ToString() == algorithm
                && (id is null || key.Id == (isKnown ? id : null))
                && key.Signature.Verifies(signed, signature))
            {
                return key;
            }
        }

        return null;
    }

    private TokenVerdict Judge(byte[] json, TokenKey key, long unixMs)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            return new ClaimsReader(rules).Judge(document.RootElement, key, unixMs);
        }
        catch (JsonException)
        {
            return TokenVerdict.Refused.Invalid;
        }
    }

    private static byte[]? Decode(ReadOnlySpan<byte> base64Url)
    {
        var bytes = new byte[Base64Url.GetMaxDecodedLength(base64Url.Length)];
        return Base64Url.DecodeFromUtf8(base64Url, bytes, out _, out var written) == OperationStatus.Done ? bytes[..written] : null;
    }
}
