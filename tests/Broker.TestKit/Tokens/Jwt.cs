using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Broker.TestKit.Tokens;

/// <summary>Makes compact JWTs, good ones and bad ones: nothing here looks at what it is given.</summary>
public static class Jwt
{
    /// <summary>A token signed by HMAC with SHA-256.</summary>
    /// <param name="header">JSON; without <c>alg</c> where the test wants that.</param>
    public static string HS256(string secret, string claims, string header = """{"alg":"HS256","typ":"JWT"}""") =>
        HS256(Encoding.UTF8.GetBytes(secret), claims, header);

    /// <inheritdoc cref="HS256(string, string, string)"/>
    public static string HS256(byte[] secret, string claims, string header = """{"alg":"HS256","typ":"JWT"}""") =>
        Sign(header, claims, signed => HMACSHA256.HashData(secret, signed));

    /// <summary>A token signed by RSA with PKCS #1 v1.5 and SHA-256.</summary>
    public static string RS256(RSA key, string claims, string header = """{"alg":"RS256"}""") =>
        Sign(header, claims, signed => key.SignData(signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

    /// <summary>A token signed by ECDSA with SHA-256.</summary>
    public static string ES256(
        ECDsa key,
        string claims,
        string header = """{"alg":"ES256"}""",
        DSASignatureFormat format = DSASignatureFormat.IeeeP1363FixedFieldConcatenation) =>
        Sign(header, claims, signed => key.SignData(signed, HashAlgorithmName.SHA256, format));

    /// <summary>A token with whatever the caller signs it by.</summary>
    public static string Sign(string header, string claims, Func<byte[], byte[]> sign)
    {
        var signed = $"{Encode(Encoding.UTF8.GetBytes(header))}.{Encode(Encoding.UTF8.GetBytes(claims))}";
        return $"{signed}.{Encode(sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    /// <summary>Claims that expire: <c>{"exp":...,MORE}</c>.</summary>
    /// <param name="unixMs">When they do.</param>
    /// <param name="more">Further members; empty for none.</param>
    public static string Claims(long unixMs, string more = "") => string.Create(
        CultureInfo.InvariantCulture, $$"""{"exp":{{unixMs / 1_000}}{{(more.Length > 0 ? "," + more : "")}}}""");

    /// <summary>Claims that expire in an hour by this machine's clock.</summary>
    public static string Claims(string more = "") => Claims(DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeMilliseconds(), more);

    public static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
