using System.Diagnostics.CodeAnalysis;
using Broker.Actors.Dialects.JsonRpc;
using Broker.Actors.Tokens;

namespace Broker.Actors.Dialects.WebRocket;

/// <summary>A secret of a hub: a hash, or nothing, which takes whatever is brought.</summary>
public sealed class HubSecret
{
    private readonly SecretHash? _hash;

    private HubSecret(SecretHash? hash) => _hash = hash;

    /// <summary>True when whatever is brought is right.</summary>
    public bool IsOpen => _hash is null;

    /// <param name="text">As it stands in the settings; empty takes whatever is brought.</param>
    /// <returns>False when it begins as a hash and is none.</returns>
    public static bool TryRead(string text, [NotNullWhen(true)] out HubSecret? secret)
    {
        var hash = text.Length == 0 ? null : SecretHash.Read(text);
        secret = text.Length == 0 || hash is not null ? new HubSecret(hash) : null;
        return secret is not null;
    }

    /// <summary>Whether it is the same secret; for settings that are read again.</summary>
    public bool IsSame(HubSecret other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return _hash is null ? other._hash is null : other._hash is { } hash && _hash.IsSame(hash);
    }

    /// <summary>Takes as long whatever was brought of the same length.</summary>
    internal bool Matches(scoped in JsonValue presented) =>
        _hash is null || (presented.TryGetString(out var text) && _hash.Matches(text));
}
