namespace Broker.Actors.Tokens;

/// <summary>Bounds of tokens, as values; the settings of <c>Broker:Tokens</c>.</summary>
public sealed record TokenRules
{
    /// <summary>Milliseconds that clocks of issuers may differ from this node's.</summary>
    public long LeewayMs { get; init; } = 10_000;

    /// <summary>Characters of a token.</summary>
    public int MaxLength { get; init; } = 8_192;

    /// <summary>Characters of the user's name.</summary>
    public int SubjectLength { get; init; } = 128;
}
