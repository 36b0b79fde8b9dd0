using System.Security.Cryptography;

namespace Broker.Actors.Tokens;

/// <summary>HS256.</summary>
internal sealed class HmacKey : SignatureKey
{
    /// <summary>RFC 7518, section 3.2: no shorter than the hash.</summary>
    private const int MinBytes = 32;

    private readonly byte[] _secret;

    private HmacKey(byte[] secret)
        : base(TokenAlgorithm.HS256, secret) => _secret = secret;

    public static HmacKey? Read(ReadOnlySpan<byte> secret, out string? problem)
    {
        problem = secret.Length < MinBytes ? $"is too short: HS256 takes a secret of {MinBytes} bytes or more"
            : secret.StartsWith("-----BEGIN "u8) ? "is PEM: HS256 takes a secret, and a public key is none"
            : null;
        return problem is null ? new HmacKey(secret.ToArray()) : null;
    }

    public override bool Verifies(ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_secret, signed, expected);
        return CryptographicOperations.FixedTimeEquals(expected, signature);
    }
}
