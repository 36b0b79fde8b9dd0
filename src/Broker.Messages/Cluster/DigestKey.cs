using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Broker.Messages.Cluster;

/// <summary>What members are hashed under when two nodes compare whom they know: said by one, used by both, never seen by a client.</summary>
public readonly record struct DigestKey(ulong First, ulong Second)
{
    /// <summary>One that nobody can foretell.</summary>
    public static DigestKey New()
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        return new DigestKey(BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]));
    }
}
