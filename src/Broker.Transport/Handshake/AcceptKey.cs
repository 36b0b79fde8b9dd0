using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Broker.Transport.Handshake;

/// <summary>The answer to a client's <c>Sec-WebSocket-Key</c>, RFC 6455 section 4.2.2.</summary>
public static class AcceptKey
{
    private const int KeyBytes = 16;

    /// <summary>True for the base64 form of 16 bytes.</summary>
    public static bool IsValidKey(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        Span<byte> bytes = stackalloc byte[KeyBytes];
        return key.Length == 24 && Base64.IsValid(key, out var length) && length == KeyBytes
            && Convert.TryFromBase64String(key, bytes, out _);
    }

    [SuppressMessage("Security", "CA5350", Justification = "The RFC says SHA-1; nothing secret depends on it.")]
    public static string For(string key)
    {
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
        SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"), hash);
        return Convert.ToBase64String(hash);
    }
}
