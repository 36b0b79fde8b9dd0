using System.Security.Cryptography;
using System.Text;
using Broker.Actors.Tokens;
using Broker.TestKit.Tokens;

namespace Broker.Actors.Tests.Tokens;

/// <summary>Every attack on a token, against the verifier alone.</summary>
public sealed class TokenVerifierTests
{
    private const string Secret = "a secret of 32 bytes or more than";
    private const long Now = 1_800_000_000_000;
    private const long Later = Now + 60_000;

    private static readonly RSA RsaPair = RSA.Create(2_048);
    private static readonly ECDsa EcdsaPair = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    [Fact]
    public void ValidToken_GivesItsClaims()
    {
        var claims = Valid(Hmac(), Jwt.HS256(Secret, Jwt.Claims(Later, """
            "sub":"ann","info":{"name":"Ann \u00e9"},"channels":["a","team-*"],"iat":1800000000,"nbf":1.8E9,"jti":"7","https://x/y":[{}]
            """)));

        claims.Subject.ShouldBe("ann");
        claims.Channel.ShouldBeNull();
        Encoding.UTF8.GetString(claims.Info.Span).ShouldBe("""{"name":"Ann \u00e9"}""");
        claims.ExpiresAtMs.ShouldBe(Later + 10_000);
        claims.Grants.Cover("a").ShouldBeTrue();
        claims.Grants.Cover("team-7").ShouldBeTrue();
        claims.Grants.Cover("b").ShouldBeFalse();
        claims.Grants.Cover("*").ShouldBeFalse();
    }

    [Fact]
    public void ForgedToken_IsInvalid()
    {
        var good = Jwt.HS256(Secret, Jwt.Claims(Later, "\"sub\":\"ann\""));
        var parts = good.Split('.');
        string[] forged =
        [
            Jwt.HS256(Secret + "x", Jwt.Claims(Later, "\"sub\":\"ann\"")),
            $"{parts[0]}.{Jwt.Encode(Encoding.UTF8.GetBytes(Jwt.Claims(Later, "\"sub\":\"bob\"")))}.{parts[2]}",
            $"{Jwt.Encode("""{"alg":"HS256"}"""u8.ToArray())}.{parts[1]}.{parts[2]}",
            $"{parts[0]}.{parts[1]}.",
            $"{parts[0]}.{parts[1]}.{parts[2][..^4]}",
            $"{parts[0]}.{parts[1]}.{parts[2]}AAAA",
            $"{parts[0]}.{parts[1]}.{parts[1]}",
        ];

        Valid(Hmac(), good);
        forged.ShouldAllBe(token => IsRefused(Hmac(), token, TokenFault.Invalid));
    }

    [Theory]
    [InlineData(TokenFault.Expired, "\"exp\":1799999990")]
    [InlineData(TokenFault.Expired, "\"exp\":0")]
    [InlineData(TokenFault.Expired, "\"exp\":-1e300")]
    [InlineData(null, "\"exp\":1799999990.5")]
    [InlineData(null, "\"exp\":1e300")]
    [InlineData(TokenFault.NotYetValid, "\"exp\":1900000000,\"nbf\":1800000011")]
    [InlineData(TokenFault.NotYetValid, "\"exp\":1900000000,\"iat\":1800000011")]
    [InlineData(null, "\"exp\":1900000000,\"nbf\":1800000010,\"iat\":1800000010")]
    [InlineData(TokenFault.Invalid, "\"sub\":\"ann\"")]
    [InlineData(TokenFault.Invalid, "\"exp\":null")]
    [InlineData(TokenFault.Invalid, "\"exp\":\"1900000000\"")]
    [InlineData(TokenFault.Invalid, "\"exp\":1e999")]
    [InlineData(TokenFault.Invalid, "\"exp\":1900000000,\"nbf\":true")]
    [InlineData(TokenFault.Invalid, "\"exp\":1900000000,\"iat\":{}")]
    public void TokenBeforeOrAfterItsTime_IsRefused_WithTenSecondsForClocks(TokenFault? fault, string claims) =>
        FaultOf(Hmac(), Jwt.HS256(Secret, $"{{{claims}}}")).ShouldBe(fault);

    [Theory]
    [InlineData(null, null, null, "")]
    [InlineData(null, null, null, "\"iss\":\"anybody\"")]
    [InlineData(null, null, null, "\"aud\":\"shop\"")]
    [InlineData(null, null, TokenFault.Misplaced, "\"aud\":\"other\"")]
    [InlineData(null, null, TokenFault.Misplaced, "\"aud\":[]")]
    [InlineData(null, null, TokenFault.Invalid, "\"aud\":[1]")]
    [InlineData(null, null, TokenFault.Invalid, "\"aud\":null")]
    [InlineData(null, "api", TokenFault.Misplaced, "")]
    [InlineData(null, "api", TokenFault.Misplaced, "\"aud\":\"shop\"")]
    [InlineData(null, "api", TokenFault.Misplaced, "\"aud\":\"API\"")]
    [InlineData(null, "api", null, "\"aud\":\"api\"")]
    [InlineData(null, "api", null, "\"aud\":[\"other\",\"api\"]")]
    [InlineData("joe", null, TokenFault.Misplaced, "")]
    [InlineData("joe", null, TokenFault.Misplaced, "\"iss\":\"jane\"")]
    [InlineData("joe", null, TokenFault.Invalid, "\"iss\":[\"joe\"]")]
    [InlineData("joe", null, null, "\"iss\":\"joe\"")]
    public void TokenForSomebodyElse_IsRefused(string? issuer, string? audience, TokenFault? fault, string claims)
    {
        var key = Hmac() with { Issuer = issuer, Audience = audience ?? "shop", IsAudienceRequired = audience is not null };

        FaultOf(key, Jwt.HS256(Secret, Jwt.Claims(Later, claims))).ShouldBe(fault);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("nOnE")]
    [InlineData("")]
    [InlineData("hs256")]
    [InlineData("HS384")]
    [InlineData("HS256 ")]
    public void AlgorithmNone_OrAnyThatIsNotTheKeys_IsInvalid(string algorithm)
    {
        var header = $$"""{"alg":"{{algorithm}}"}""";
        var unsigned = Jwt.Sign(header, Jwt.Claims(Later), _ => []);
        var signed = Jwt.HS256(Secret, Jwt.Claims(Later), header);

        foreach (var key in new[] { Hmac(), Rsa(), Ecdsa() })
        {
            FaultOf(key, unsigned).ShouldBe(TokenFault.Invalid);
            FaultOf(key, signed).ShouldBe(TokenFault.Invalid);
        }
    }

    [Fact]
    public void AlgorithmConfusion_WithAPublicKeyAsASecret_IsInvalid()
    {
        foreach (var (key, asymmetric, algorithm) in new[] { (Rsa(), (AsymmetricAlgorithm)RsaPair, "RS256"), (Ecdsa(), EcdsaPair, "ES256") })
        {
            var pem = asymmetric.ExportSubjectPublicKeyInfoPem();
            byte[][] secrets =
            [
                Encoding.UTF8.GetBytes(pem),
                Encoding.UTF8.GetBytes(pem + "\n"),
                asymmetric.ExportSubjectPublicKeyInfo(),
            ];
            foreach (var secret in secrets)
            {
                FaultOf(key, Jwt.HS256(secret, Jwt.Claims(Later))).ShouldBe(TokenFault.Invalid);
                FaultOf(key, Jwt.HS256(secret, Jwt.Claims(Later), $$"""{"alg":"{{algorithm}}"}""")).ShouldBe(TokenFault.Invalid);
            }
        }
    }

    [Fact]
    public void KeysOfSeveralAlgorithms_EachTakeTheirOwnOnly()
    {
        TokenKey[] keys = [Hmac(), Rsa(), Ecdsa()];
        var claims = Jwt.Claims(Later);

        FaultOf(keys, Jwt.HS256(Secret, claims)).ShouldBeNull();
        FaultOf(keys, Jwt.RS256(RsaPair, claims)).ShouldBeNull();
        FaultOf(keys, Jwt.ES256(EcdsaPair, claims)).ShouldBeNull();
        FaultOf(keys, Jwt.RS256(RsaPair, claims, """{"alg":"HS256"}""")).ShouldBe(TokenFault.Invalid);
        FaultOf(keys, Jwt.RS256(RsaPair, claims, """{"alg":"ES256"}""")).ShouldBe(TokenFault.Invalid);
        FaultOf(keys, Jwt.ES256(EcdsaPair, claims, """{"alg":"RS256"}""")).ShouldBe(TokenFault.Invalid);
        FaultOf(keys, Jwt.HS256(Secret, claims, """{"alg":"RS256"}""")).ShouldBe(TokenFault.Invalid);
    }

    /// <summary>R and S of zero satisfied the equation in a well-known library.</summary>
    [Fact]
    public void EllipticSignature_OfAnotherForm_IsInvalid()
    {
        var claims = Jwt.Claims(Later);

        FaultOf(Ecdsa(), Jwt.ES256(EcdsaPair, claims, format: DSASignatureFormat.Rfc3279DerSequence)).ShouldBe(TokenFault.Invalid);
        FaultOf(Ecdsa(), Jwt.Sign("""{"alg":"ES256"}""", claims, _ => new byte[64])).ShouldBe(TokenFault.Invalid);
        FaultOf(Ecdsa(), Jwt.Sign("""{"alg":"ES256"}""", claims, _ => new byte[63])).ShouldBe(TokenFault.Invalid);
        FaultOf(Ecdsa(), Jwt.Sign("""{"alg":"ES256"}""", claims, _ => [])).ShouldBe(TokenFault.Invalid);
        FaultOf(Rsa(), Jwt.Sign("""{"alg":"RS256"}""", claims, _ => new byte[256])).ShouldBe(TokenFault.Invalid);
        FaultOf(Rsa(), Jwt.Sign("""{"alg":"RS256"}""", claims, _ => [])).ShouldBe(TokenFault.Invalid);
    }

    [Theory]
    [InlineData("{\"alg\":\"HS256\"}", "one", null)]
    [InlineData("{\"alg\":\"HS256\"}", "two", null)]
    [InlineData("{\"alg\":\"HS256\",\"kid\":\"1\"}", "one", null)]
    [InlineData("{\"alg\":\"HS256\",\"kid\":\"1\"}", "two", TokenFault.Invalid)]
    [InlineData("{\"alg\":\"HS256\",\"kid\":\"1\"}", "rest", TokenFault.Invalid)]
    [InlineData("{\"alg\":\"HS256\",\"kid\":\"2\"}", "two", null)]
    [InlineData("{\"alg\":\"HS256\",\"kid\":\"3\"}", "rest", null)]
    [InlineData("{\"alg\":\"HS256\",\"kid\":\"3\"}", "one", TokenFault.Invalid)]
    [InlineData("{\"alg\":\"HS256\",\"kid\":\"../../dev/null\"}", "", TokenFault.Invalid)]
    [InlineData("{\"alg\":\"HS256\",\"kid\":7}", "rest", TokenFault.Invalid)]
    [InlineData("{\"alg\":\"HS256\",\"kid\":null}", "rest", TokenFault.Invalid)]
    public void KeyId_PicksAKey_AndRotationTakesAllOfThem(string header, string signer, TokenFault? fault)
    {
        TokenKey[] keys = [Hmac("one") with { Id = "1" }, Hmac("two") with { Id = "2" }, Hmac("rest")];

        FaultOf(keys, Jwt.HS256(Long(signer), Jwt.Claims(Later), header)).ShouldBe(fault);
    }

    [Theory]
    [InlineData("{\"alg\":\"HS256\",\"crit\":[\"exp\"],\"exp\":1}")]
    [InlineData("{\"alg\":\"HS256\",\"b64\":false,\"crit\":[\"b64\"]}")]
    [InlineData("{\"alg\":\"none\",\"alg\":\"HS256\"}")]
    [InlineData("{\"alg\":\"HS256\",\"alg\":\"none\"}")]
    [InlineData("{\"alg\":\"HS256\"")]
    [InlineData("{\"alg\":[\"HS256\"]}")]
    [InlineData("{\"alg\":null}")]
    [InlineData("{\"alg\":\"\\ud800\"}")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("\"HS256\"")]
    [InlineData("")]
    public void StrangeHeader_IsInvalid(string header) =>
        FaultOf(Hmac(), Jwt.HS256(Secret, Jwt.Claims(Later), header)).ShouldBe(TokenFault.Invalid);

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("{\"exp\":1900000000}{}")]
    [InlineData("{\"exp\":1900000000,}")]
    [InlineData("{\"exp\":1,\"exp\":1900000000}")]
    [InlineData("{\"exp\":1900000000,\"sub\":7}")]
    [InlineData("{\"exp\":1900000000,\"sub\":\"\"}")]
    [InlineData("{\"exp\":1900000000,\"sub\":\"\\ud800\"}")]
    [InlineData("{\"exp\":1900000000,\"sub\":\"ann\",\"sub\":\"bob\"}")]
    [InlineData("{\"exp\":1900000000,\"channel\":[\"a\"]}")]
    [InlineData("{\"exp\":1900000000,\"channels\":\"a\"}")]
    [InlineData("{\"exp\":1900000000,\"channels\":{\"a\":{}}}")]
    [InlineData("{\"exp\":1900000000,\"channels\":[[\"a\"]]}")]
    [InlineData("{\"exp\":1900000000,\"info\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}")]
    public void StrangeClaims_AreInvalid(string claims) =>
        FaultOf(Hmac(), Jwt.HS256(Secret, claims)).ShouldBe(TokenFault.Invalid);

    [Fact]
    public void ClaimsThatAreNoText_AreInvalid()
    {
        var signed = $"{Jwt.Encode("""{"alg":"HS256"}"""u8.ToArray())}.{Jwt.Encode([(byte)'"', 0xff, 0xfe, (byte)'"'])}";
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.ASCII.GetBytes(signed));

        FaultOf(Hmac(), $"{signed}.{Jwt.Encode(signature)}").ShouldBe(TokenFault.Invalid);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("...")]
    [InlineData("a.b")]
    [InlineData("a.b.c")]
    [InlineData("a.b.c.d.e")]
    [InlineData("Bearer x.y.z")]
    [InlineData("é.é.é")]
    [InlineData("\u0000.\u0000.\u0000")]
    public void WhatIsNoToken_IsInvalid(string token)
    {
        FaultOf([Hmac(), Rsa(), Ecdsa()], token).ShouldBe(TokenFault.Invalid);
    }

    [Theory]
    [InlineData("=")]
    [InlineData("==")]
    [InlineData(" ")]
    [InlineData("\n")]
    [InlineData("%")]
    public void GoodTokenWithMoreAroundIt_IsInvalid(string more)
    {
        var token = Jwt.HS256(Secret, Jwt.Claims(Later));
        var dot = token.IndexOf('.', StringComparison.Ordinal);

        FaultOf(Hmac(), token).ShouldBeNull();
        FaultOf(Hmac(), token + more).ShouldBe(TokenFault.Invalid);
        FaultOf(Hmac(), more + token).ShouldBe(TokenFault.Invalid);
        FaultOf(Hmac(), token.Insert(dot, more)).ShouldBe(TokenFault.Invalid);
    }

    [Fact]
    public void TokenLargerThanAllowed_IsInvalid()
    {
        var longest = Jwt.HS256(Secret, Jwt.Claims(Later, $"\"sub\":\"{new string('u', 128)}\""));
        var rules = new TokenRules { MaxLength = longest.Length };

        new TokenVerifier([Hmac()], rules).Verify(longest, Now).ShouldBeOfType<TokenVerdict.Valid>();
        new TokenVerifier([Hmac()], rules with { MaxLength = longest.Length - 1 }).Verify(longest, Now)
            .ShouldBe(new TokenVerdict.Refused(TokenFault.Invalid));
        FaultOf(Hmac(), Jwt.HS256(Secret, Jwt.Claims(Later, $"\"sub\":\"{new string('u', 129)}\""))).ShouldBe(TokenFault.Invalid);
    }

    [Fact]
    public void AnyChangedCharacter_IsInvalid()
    {
        var random = new Random(4711);
        foreach (var (key, token) in new[]
        {
            (Hmac(), Jwt.HS256(Secret, Jwt.Claims(Later, "\"sub\":\"ann\""))),
            (Ecdsa(), Jwt.ES256(EcdsaPair, Jwt.Claims(Later, "\"sub\":\"ann\""))),
        })
        {
            // The last character of a part may hold bits that mean nothing.
            var ends = token.Index().Where(at => at.Item == '.').Select(at => at.Index - 1).Append(token.Length - 1).ToArray();
            for (var i = 0; i < token.Length; i++)
            {
                var changed = token.ToCharArray();
                changed[i] = (char)random.Next(33, 127);
                if (changed[i] != token[i] && !ends.Contains(i))
                {
                    FaultOf(key, new string(changed)).ShouldBe(TokenFault.Invalid, $"at {i}: {new string(changed)}");
                }
            }
        }
    }

    private static string Long(string secret) => secret.PadRight(32, '.');

    private static TokenKey Hmac(string secret = Secret) => Key(TokenAlgorithm.HS256, Long(secret));

    private static TokenKey Rsa() => Key(TokenAlgorithm.RS256, RsaPair.ExportSubjectPublicKeyInfoPem());

    private static TokenKey Ecdsa() => Key(TokenAlgorithm.ES256, EcdsaPair.ExportSubjectPublicKeyInfoPem());

    private static TokenKey Key(TokenAlgorithm algorithm, string material) => new(
        SignatureKey.Read(algorithm, Encoding.UTF8.GetBytes(material), out _)!, Id: null, Issuer: null, Audience: "shop", IsAudienceRequired: false);

    private static TokenClaims Valid(TokenKey key, string token) =>
        new TokenVerifier([key], new TokenRules()).Verify(token, Now).ShouldBeOfType<TokenVerdict.Valid>().Claims;

    private static bool IsRefused(TokenKey key, string token, TokenFault fault) => FaultOf(key, token) == fault;

    private static TokenFault? FaultOf(TokenKey key, string token) => FaultOf([key], token);

    private static TokenFault? FaultOf(TokenKey[] keys, string token) =>
        (new TokenVerifier(keys, new TokenRules()).Verify(token, Now) as TokenVerdict.Refused)?.Fault;
}
