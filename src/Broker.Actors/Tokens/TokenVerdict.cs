namespace Broker.Actors.Tokens;

/// <summary>What a token is worth.</summary>
public abstract record TokenVerdict
{
    private TokenVerdict()
    {
    }

    public sealed record Valid(TokenClaims Claims) : TokenVerdict;

    public sealed record Refused(TokenFault Fault) : TokenVerdict
    {
        internal static Refused Invalid { get; } = new(TokenFault.Invalid);
    }
}
