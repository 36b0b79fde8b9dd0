using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Broker.Actors.Tokens;

/// <summary>
/// A secret of the settings, kept as its SHA-256 alone; settings may give that instead of the secret: <c>sha256:</c> and 64
/// hexadecimal digits. Good for random secrets, which nobody can guess from a hash; not for passwords.
/// </summary>
public sealed class SecretHash
{
    private const string Hashed = "sha256:";

    private readonly byte[] _hash;

    private SecretHash(byte[] hash) => _hash = hash;

    /// <summary>Null when the text begins as a hash and is none.</summary>
    public static SecretHash? Read(string text)
    {
        if (!text.StartsWith(Hashed, StringComparison.Ordinal))
        {
            return new SecretHash(Hash(text));
        }

        var hash = new byte[SHA256.HashSizeInBytes];
        var isHash = text.Length == Hashed.Length + (2 * hash.Length)
            && Convert.FromHexString(text.AsSpan(Hashed.Length), hash, out _, out _) == OperationStatus.Done;
        return isHash ? new SecretHash(hash) : null;
    }

    /// <summary>Whether somebody brought the secret; takes as long whatever they brought of the same length.</summary>
    public bool Matches(string presented) => CryptographicOperations.FixedTimeEquals(Hash(presented), _hash);

    /// <summary>Whether it is the hash of the same secret.</summary>
    public bool IsSame(SecretHash other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return CryptographicOperations.FixedTimeEquals(other._hash, _hash);
    }

    /// <summary>Whether it is one of several; takes as long whichever it is.</summary>
    public static bool AnyMatches(IReadOnlyList<SecretHash> secrets, string presented)
    {
        var hash = Hash(presented);
        var matches = false;
        foreach (var secret in secrets)
        {
            matches |= CryptographicOperations.FixedTimeEquals(hash, secret._hash);
        }

        return matches;
    }

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
