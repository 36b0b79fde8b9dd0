using System.Security.Cryptography;
using System.Text;

namespace Broker.Actors.Tokens;

/// <summary>Reads public keys from PEM.</summary>
internal static class PublicPem
{
    public delegate void Importer(ReadOnlySpan<char> pem);

    /// <returns>What is wrong, without a word of the key; null when nothing is.</returns>
    public static string? Import(ReadOnlySpan<byte> pem, string algorithm, Importer import)
    {
        var text = Encoding.UTF8.GetString(pem);
        if (text.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
        {
            return "holds a private key: keep that with who signs, and give the public one here";
        }

        try
        {
            import(text);
            return null;
        }
        catch (Exception wrong) when (wrong is ArgumentException or CryptographicException)
        {
            return $"is no public key in PEM that {algorithm} takes";
        }
    }
}
