namespace Broker.Actors.Tokens;

/// <summary>How a token is signed. It is the key's property: what a token says is only compared with it.</summary>
public enum TokenAlgorithm
{
    /// <summary>HMAC with SHA-256, over a secret of 32 bytes or more.</summary>
    HS256,

    /// <summary>RSA with PKCS #1 v1.5 and SHA-256, 2,048 bits or more.</summary>
    RS256,

    /// <summary>ECDSA on the curve P-256 with SHA-256.</summary>
    ES256,
}
