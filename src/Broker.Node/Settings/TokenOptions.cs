using System.ComponentModel.DataAnnotations;
using Broker.Actors.Tokens;

namespace Broker.Node.Settings;

/// <summary>A key that signs an app's tokens, which are compact JWTs: docs/security.md.</summary>
public sealed class TokenOptions
{
    /// <summary>How tokens of this key are signed, whatever they say themselves: <c>HS256</c>, <c>RS256</c> or <c>ES256</c>. Default HS256.</summary>
    public TokenAlgorithm Algorithm { get; set; } = TokenAlgorithm.HS256;

    /// <summary>What tokens call the key by <c>kid</c>. Default none: tokens that name no other key may be of this one.</summary>
    [StringLength(128, MinimumLength = 1)]
    public string? Id { get; set; }

    /// <summary>The key: for HS256 a secret of 32 bytes or more, else a public key in PEM. Default none; either this or <c>KeyFile</c>.</summary>
    [StringLength(16_384)]
    public string? Key { get; set; }

    /// <summary>A file with the key, looked at again every 10 seconds; a line's end behind an HS256 secret does not count. Default none.</summary>
    public string? KeyFile { get; set; }

    /// <summary>What the token's <c>iss</c> must be. Default none: anything.</summary>
    [StringLength(256)]
    public string? Issuer { get; set; }

    /// <summary>What must be among the token's <c>aud</c>. Default none: a token without <c>aud</c> is taken, and one with it must name the app's <c>Id</c>.</summary>
    [StringLength(256)]
    public string? Audience { get; set; }
}
