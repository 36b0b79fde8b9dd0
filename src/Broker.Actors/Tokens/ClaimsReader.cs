using System.Runtime.InteropServices;
using System.Text.Json;
using Broker.Actors.Rights;

namespace Broker.Actors.Tokens;

/// <summary>Judges the claims of a token whose signature is good.</summary>
internal sealed class ClaimsReader(TokenRules rules)
{
    public TokenVerdict Judge(JsonElement claims, TokenKey key, long unixMs)
    {
        if (claims.ValueKind != JsonValueKind.Object
            || !JsonMember.TryGetDate(claims, "exp"u8, out var expires)
            || !JsonMember.TryGetDate(claims, "nbf"u8, out var notBefore)
            || !JsonMember.TryGetDate(claims, "iat"u8, out var issued)
            || !JsonMember.TryGetText(claims, "iss"u8, out var issuer)
            || !JsonMember.TryGetTexts(claims, "aud"u8, mayBeOne: true, out var audiences)
            || expires is null)
        {
            return TokenVerdict.Refused.Invalid;
        }

        var expiresAtMs = expires.Value + rules.LeewayMs;
        return expiresAtMs <= unixMs ? new TokenVerdict.Refused(TokenFault.Expired)
            : Math.Max(notBefore ?? 0, issued ?? 0) - rules.LeewayMs > unixMs ? new TokenVerdict.Refused(TokenFault.NotYetValid)
            : key.Issuer is not null && key.Issuer != issuer ? new TokenVerdict.Refused(TokenFault.Misplaced)
            : !(audiences?.Contains(key.Audience, StringComparer.Ordinal) ?? !key.IsAudienceRequired) ? new TokenVerdict.Refused(TokenFault.Misplaced)
            : Read(claims, expiresAtMs);
    }

    private TokenVerdict Read(JsonElement claims, long expiresAtMs)
    {
        if (!JsonMember.TryGetText(claims, "sub"u8, out var subject)
            || !JsonMember.TryGetText(claims, "channel"u8, out var channel)
            || !JsonMember.TryGetTexts(claims, "channels"u8, mayBeOne: false, out var channels)
            || subject?.Length == 0
            || subject?.Length > rules.SubjectLength)
        {
            return TokenVerdict.Refused.Invalid;
        }

        var info = claims.TryGetProperty("info"u8, out var value) ? JsonMarshal.GetRawUtf8Value(value).ToArray() : [];
        var grants = channels is null ? ChannelGrants.None : new ChannelGrants(channels);
        return new TokenVerdict.Valid(new TokenClaims(subject, channel, grants, info, expiresAtMs));
    }
}
