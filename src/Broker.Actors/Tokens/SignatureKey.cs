using System.Security.Cryptography;

namespace Broker.Actors.Tokens;

/// <summary>A key that verifies signatures in its one algorithm (RFC 7518, section 3). From any thread.</summary>
public abstract class SignatureKey
{
    private protected SignatureKey(TokenAlgorithm algorithm, byte[] fingerprint)
    {
        Algorithm = algorithm;
        Fingerprint = Convert.ToHexStringLower(SHA256.HashData(fingerprint));
    }

    public TokenAlgorithm Algorithm { get; }

    /// <summary>Tells keys apart without saying what they are.</summary>
    public string Fingerprint { get; }

    /// <summary>Reads a key: an HS256 secret as it is, an RS256 or ES256 public key in PEM.</summary>
    /// <param name="problem">Why it is no good, without a word of the key; null when it is.</param>
    public static SignatureKey? Read(TokenAlgorithm algorithm, ReadOnlySpan<byte> material, out string? problem) => algorithm switch
    {
        TokenAlgorithm.HS256 => HmacKey.Read(material, out problem),
        TokenAlgorithm.RS256 => RsaKey.Read(material, out problem),
        _ => EcdsaKey.Read(material, out problem),
    };

    /// <summary>Whether the signature is this key's over these bytes; anything that is no signature is not.</summary>
    public abstract bool Verifies(ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature);
}
