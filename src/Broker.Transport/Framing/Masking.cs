using System.Numerics;
using System.Runtime.InteropServices;

namespace Broker.Transport.Framing;

/// <summary>Masking of client payloads, RFC 6455 section 5.3.</summary>
internal static class Masking
{
    /// <summary>Masks or unmasks in place; returns the key for the byte after the last one.</summary>
    public static uint Apply(Span<byte> payload, uint mask)
    {
        var rest = payload;
        if (payload.Length >= Vector<byte>.Count)
        {
            var vectors = MemoryMarshal.Cast<byte, Vector<uint>>(payload);
            var key = new Vector<uint>(mask);
            for (var i = 0; i < vectors.Length; i++)
            {
                vectors[i] ^= key;
            }

            rest = payload[(vectors.Length * Vector<byte>.Count)..];
        }

        var words = MemoryMarshal.Cast<byte, uint>(rest);
        for (var i = 0; i < words.Length; i++)
        {
            words[i] ^= mask;
        }

        rest = rest[(words.Length * sizeof(uint))..];
        for (var i = 0; i < rest.Length; i++)
        {
            rest[i] ^= (byte)mask;
            mask = BitOperations.RotateRight(mask, 8);
        }

        return mask;
    }
}
