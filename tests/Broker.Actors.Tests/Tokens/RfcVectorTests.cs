using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Broker.Actors.Tokens;

namespace Broker.Actors.Tests.Tokens;

/// <summary>The examples of RFC 7515, appendix A, whose claims are those of RFC 7519, section 3.1.</summary>
public sealed class RfcVectorTests
{
    private const string Claims = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    private const long Exp = 1_300_819_380_000;

    private static readonly TokenRules NoLeeway = new() { LeewayMs = 0 };

    public static TheoryData<TokenAlgorithm, string> Tokens => new()
    {
        // A.1, and RFC 7519 section 3.1
        { TokenAlgorithm.HS256, $"eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.{Claims}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk" },

        // A.2
        {
            TokenAlgorithm.RS256,
            $"eyJhbGciOiJSUzI1NiJ9.{Claims}."
            + "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4"
            + "BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqv"
            + "hJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"
        },

        // A.3
        {
            TokenAlgorithm.ES256,
            $"eyJhbGciOiJFUzI1NiJ9.{Claims}.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
        },
    };

    [Theory]
    [MemberData(nameof(Tokens))]
    public void Verify_OfAnExample_IsValidUntilItExpires(TokenAlgorithm algorithm, string token)
    {
        var verifier = new TokenVerifier([Key(algorithm)], NoLeeway);

        var claims = verifier.Verify(token, Exp - 1).ShouldBeOfType<TokenVerdict.Valid>().Claims;
        claims.ExpiresAtMs.ShouldBe(Exp);
        claims.Subject.ShouldBeNull();
        verifier.Verify(token, Exp).ShouldBe(new TokenVerdict.Refused(TokenFault.Expired));
    }

    [Theory]
    [MemberData(nameof(Tokens))]
    public void Verify_OfAnExampleByAnotherKey_IsInvalid(TokenAlgorithm algorithm, string token)
    {
        foreach (var other in Enum.GetValues<TokenAlgorithm>().Where(other => other != algorithm))
        {
            new TokenVerifier([Key(other)], NoLeeway).Verify(token, 0).ShouldBe(new TokenVerdict.Refused(TokenFault.Invalid));
        }

        new TokenVerifier([], NoLeeway).Verify(token, 0).ShouldBe(new TokenVerdict.Refused(TokenFault.Invalid));
    }

    /// <summary>A.5: an unsecured JWS.</summary>
    [Fact]
    public void Verify_OfTheUnsecuredExample_IsInvalid() =>
        new TokenVerifier([.. Enum.GetValues<TokenAlgorithm>().Select(Key)], NoLeeway)
            .Verify($"eyJhbGciOiJub25lIn0.{Claims}.", 0).ShouldBe(new TokenVerdict.Refused(TokenFault.Invalid));

    private static TokenKey Key(TokenAlgorithm algorithm) =>
        new(SignatureKey.Read(algorithm, Material(algorithm), out _)!, Id: null, Issuer: "joe", Audience: "none", IsAudienceRequired: false);

    private static byte[] Material(TokenAlgorithm algorithm)
    {
        switch (algorithm)
        {
            case TokenAlgorithm.HS256:
                return Base64Url.DecodeFromChars("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow");
            case TokenAlgorithm.RS256:
                using (var rsa = RSA.Create(new RSAParameters
                {
                    Modulus = Base64Url.DecodeFromChars(
                        "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOW"
                        + "vG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9k"
                        + "G4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"),
                    Exponent = Base64Url.DecodeFromChars("AQAB"),
                }))
                {
                    return Encoding.UTF8.GetBytes(rsa.ExportSubjectPublicKeyInfoPem());
                }

            default:
                using (var ecdsa = ECDsa.Create(new ECParameters
                {
                    Curve = ECCurve.NamedCurves.nistP256,
                    Q = new ECPoint
                    {
                        X = Base64Url.DecodeFromChars("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"),
                        Y = Base64Url.DecodeFromChars("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"),
                    },
                }))
                {
                    return Encoding.UTF8.GetBytes(ecdsa.ExportSubjectPublicKeyInfoPem());
                }
        }
    }
}
