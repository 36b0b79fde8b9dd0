using System.Security.Cryptography;

namespace Broker.Actors.Tokens;

/// <summary>RS256.</summary>
#pragma warning disable CA1001 // Lives as long as somebody may verify with it: the collector's to say.
internal sealed class RsaKey : SignatureKey
#pragma warning restore CA1001
{
    /// <summary>RFC 7518, section 3.3.</summary>
    private const int MinBits = 2_048;

    private readonly ThreadLocal<RSA> _keys;

    private RsaKey(byte[] publicKey)
        : base(TokenAlgorithm.RS256, publicKey) =>
        _keys = new ThreadLocal<RSA>(() =>
        {
            // One for each thread: the framework promises nothing about two at a time.
            var rsa = RSA.Create();
            rsa.ImportSubjectPublicKeyInfo(publicKey, out _);
            return rsa;
        });

    public static RsaKey? Read(ReadOnlySpan<byte> pem, out string? problem)
    {
        using var rsa = RSA.Create();
        problem = PublicPem.Import(pem, "RS256", text => rsa.ImportFromPem(text));
        if (problem is null && rsa.KeySize < MinBits)
        {
            problem = $"has {rsa.KeySize} bits: RS256 takes {MinBits} or more";
        }

        return problem is null ? new RsaKey(rsa.ExportSubjectPublicKeyInfo()) : null;
    }

    public override bool Verifies(ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature) =>
        _keys.Value!.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
}
