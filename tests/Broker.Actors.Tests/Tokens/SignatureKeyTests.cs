using System.Security.Cryptography;
using System.Text;
using Broker.Actors.Tokens;

namespace Broker.Actors.Tests.Tokens;

public sealed class SignatureKeyTests
{
    [Theory]
    [InlineData(31, false)]
    [InlineData(32, true)]
    public void HS256_OfAShortSecret_IsRefused(int bytes, bool isTaken)
    {
        var key = SignatureKey.Read(TokenAlgorithm.HS256, new byte[bytes], out var problem);

        (key is not null).ShouldBe(isTaken);
        problem.ShouldBe(isTaken ? null : "is too short: HS256 takes a secret of 32 bytes or more");
    }

    [Theory]
    [InlineData(1_024, "has 1024 bits: RS256 takes 2048 or more")]
    [InlineData(2_048, null)]
    public void RS256_OfAShortKey_IsRefused(int bits, string? problem)
    {
        using var rsa = RSA.Create(bits);

        SignatureKey.Read(TokenAlgorithm.RS256, Pem(rsa), out var said);
        said.ShouldBe(problem);
    }

    [Fact]
    public void ES256_OnAnotherCurve_IsRefused()
    {
        using var wide = ECDsa.Create(ECCurve.NamedCurves.nistP384);

        SignatureKey.Read(TokenAlgorithm.ES256, Pem(wide), out var said).ShouldBeNull();
        said.ShouldBe("is on another curve: ES256 takes P-256");
    }

    [Fact]
    public void Read_OfAPrivateKey_IsRefused()
    {
        using var rsa = RSA.Create(2_048);
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        (TokenAlgorithm, string)[] keys =
        [
            (TokenAlgorithm.RS256, rsa.ExportPkcs8PrivateKeyPem()),
            (TokenAlgorithm.RS256, rsa.ExportRSAPrivateKeyPem()),
            (TokenAlgorithm.ES256, ecdsa.ExportECPrivateKeyPem()),
        ];
        foreach (var (algorithm, pem) in keys)
        {
            SignatureKey.Read(algorithm, Encoding.UTF8.GetBytes(pem), out var said).ShouldBeNull();
            said.ShouldNotBeNull().ShouldStartWith("holds a private key");
        }
    }

    [Fact]
    public void Read_OfAnotherAlgorithmsKey_IsRefused()
    {
        using var rsa = RSA.Create(2_048);
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        SignatureKey.Read(TokenAlgorithm.HS256, Pem(rsa), out var said).ShouldBeNull();
        said.ShouldBe("is PEM: HS256 takes a secret, and a public key is none");
        SignatureKey.Read(TokenAlgorithm.RS256, Pem(ecdsa), out said).ShouldBeNull();
        said.ShouldBe("is no public key in PEM that RS256 takes");
        SignatureKey.Read(TokenAlgorithm.ES256, Pem(rsa), out said).ShouldBeNull();
        said.ShouldBe("is no public key in PEM that ES256 takes");
        SignatureKey.Read(TokenAlgorithm.ES256, "a secret that is no PEM at all, none"u8, out said).ShouldBeNull();
        said.ShouldBe("is no public key in PEM that ES256 takes");
    }

    [Fact]
    public async Task Verifies_FromManyThreads_GivesEachItsAnswer()
    {
        using var rsa = RSA.Create(2_048);
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var (signed, other) = ("signed"u8.ToArray(), "other"u8.ToArray());
        (SignatureKey Key, byte[] Signature)[] keys =
        [
            (SignatureKey.Read(TokenAlgorithm.RS256, Pem(rsa), out _)!, rsa.SignData(signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)),
            (SignatureKey.Read(TokenAlgorithm.ES256, Pem(ecdsa), out _)!, ecdsa.SignData(signed, HashAlgorithmName.SHA256)),
        ];
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Enumerable.Range(0, 50)
            .All(i => keys.All(key => key.Key.Verifies(i % 2 == 0 ? signed : other, key.Signature) == (i % 2 == 0))))));

        answers.ShouldAllBe(answer => answer);
    }

    private static byte[] Pem(AsymmetricAlgorithm key) => Encoding.UTF8.GetBytes(key.ExportSubjectPublicKeyInfoPem());
}
