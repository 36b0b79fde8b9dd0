namespace Broker.Actors.Tokens;

/// <summary>A key whose tokens an app takes.</summary>
/// <param name="Signature">The key itself, with its one algorithm.</param>
/// <param name="Id">What tokens call it by <c>kid</c>; null for a key that any may mean.</param>
/// <param name="Issuer">What <c>iss</c> must be; null for anything.</param>
/// <param name="Audience">What <c>aud</c> must have among its values. </param>
/// <param name="IsAudienceRequired">False: a token without <c>aud</c> is taken too.</param>
public sealed record TokenKey(SignatureKey Signature, string? Id, string? Issuer, string Audience, bool IsAudienceRequired);
