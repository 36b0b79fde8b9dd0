using System.Collections.Concurrent;

namespace Broker.Actors.Tokens;

/// <summary>Whose tokens each app takes. From any thread; an app's keys can change at any time.</summary>
public sealed class AppTokens
{
    private readonly ConcurrentDictionary<string, TokenVerifier> _verifiers = new(StringComparer.Ordinal);

    /// <summary>Gives an app its keys, in place of those that it had.</summary>
    public void Set(string app, TokenVerifier verifier) => _verifiers[app] = verifier;

    /// <summary>What a token is worth in an app. One that takes none refuses all.</summary>
    public TokenVerdict Verify(string app, ReadOnlySpan<char> token, long unixMs) =>
        _verifiers.TryGetValue(app, out var verifier) ? verifier.Verify(token, unixMs) : TokenVerdict.Refused.Invalid;
}
