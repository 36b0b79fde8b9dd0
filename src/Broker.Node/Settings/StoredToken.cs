using System.Security.Cryptography;
using System.Text;

namespace Broker.Node.Settings;

/// <summary>A token in the settings: as it is, or as <c>sha256:</c> and the hash of its UTF-8 in hex, so that the file does not give it away.</summary>
internal static class StoredToken
{
    private const string Hashed = "sha256:";

    /// <summary>Takes the same time whatever is given, and however long the tokens are.</summary>
    public static bool Matches(string setting, string given)
    {
        Span<byte> wanted = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> got = stackalloc byte[SHA256.HashSizeInBytes];
        if (!TryReadHash(setting, wanted))
        {
            SHA256.HashData(Encoding.UTF8.GetBytes(setting), wanted);
        }

        SHA256.HashData(Encoding.UTF8.GetBytes(given), got);
        return CryptographicOperations.FixedTimeEquals(wanted, got);
    }

    /// <summary>What is wrong with a token; null for nothing.</summary>
    public static string? Failure(string setting) =>
        setting.StartsWith(Hashed, StringComparison.Ordinal) && !TryReadHash(setting, stackalloc byte[SHA256.HashSizeInBytes])
            ? "is no hash: sha256: is followed by 64 hexadecimal digits."
            : null;

    private static bool TryReadHash(string setting, Span<byte> hash) =>
        setting.StartsWith(Hashed, StringComparison.Ordinal)
        && setting.Length == Hashed.Length + (2 * hash.Length)
        && Convert.FromHexString(setting.AsSpan(Hashed.Length), hash, out _, out _) == System.Buffers.OperationStatus.Done;
}
