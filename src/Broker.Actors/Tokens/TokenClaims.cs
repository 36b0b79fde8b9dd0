using Broker.Actors.Rights;

namespace Broker.Actors.Tokens;

/// <summary>What a valid token says.</summary>
/// <param name="Subject">The user, 1 to 128 characters; null where it names nobody.</param>
/// <param name="Channel">The one channel that it is for; null in a token for connections.</param>
/// <param name="Grants">The channels that a token for connections proves.</param>
/// <param name="Info">What others see of the user: one JSON value in UTF-8; empty for none.</param>
/// <param name="ExpiresAtMs">Milliseconds since 1970 from when on it is refused, the leeway for clocks included.</param>
public sealed record TokenClaims(string? Subject, string? Channel, ChannelGrants Grants, ReadOnlyMemory<byte> Info, long ExpiresAtMs)
{
    /// <summary>The user that the token names.</summary>
    /// <exception cref="InvalidOperationException">It names nobody.</exception>
    public Identity.User ToUser() => new(Subject ?? throw new InvalidOperationException("The token names nobody."))
    {
        Info = Info,
        Grants = Grants,
        ExpiresAtMs = ExpiresAtMs,
    };
}
