using System.Security.Cryptography;

namespace Broker.Actors.Tokens;

/// <summary>ES256.</summary>
#pragma warning disable CA1001 // Lives as long as somebody may verify with it: the collector's to say.
internal sealed class EcdsaKey : SignatureKey
#pragma warning restore CA1001
{
    /// <summary>R and S, each as long as the curve (RFC 7518, section 3.4).</summary>
    private const int SignatureBytes = 64;

    private readonly ThreadLocal<ECDsa> _keys;

    private EcdsaKey(byte[] publicKey)
        : base(TokenAlgorithm.ES256, publicKey) =>
        _keys = new ThreadLocal<ECDsa>(() =>
        {
            // As RsaKey's.
            var ecdsa = ECDsa.Create();
            ecdsa.ImportSubjectPublicKeyInfo(publicKey, out _);
            return ecdsa;
        });

    public static EcdsaKey? Read(ReadOnlySpan<byte> pem, out string? problem)
    {
        using var ecdsa = ECDsa.Create();
        problem = PublicPem.Import(pem, "ES256", text => ecdsa.ImportFromPem(text));
        if (problem is null && ecdsa.ExportParameters(includePrivateParameters: false).Curve.Oid.Value != ECCurve.NamedCurves.nistP256.Oid.Value)
        {
            problem = "is on another curve: ES256 takes P-256";
        }

        return problem is null ? new EcdsaKey(ecdsa.ExportSubjectPublicKeyInfo()) : null;
    }

    public override bool Verifies(ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature) =>
        signature.Length == SignatureBytes
        && _keys.Value!.VerifyData(signed, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
}
