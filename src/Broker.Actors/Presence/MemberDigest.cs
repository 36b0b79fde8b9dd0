using System.Buffers.Binary;
using System.Text;
using Broker.Messages.Cluster;

namespace Broker.Actors.Presence;

/// <summary>
/// Members in 256 buckets, each summed up in 64 bits: where two nodes' sums of a bucket are the same, they know the same users
/// with the same info there. Connections do not count: rooms are not told of them.
/// <code>
/// bucket := SipHash-2-4(key, id) mod 256      sum := of SipHash-2-4(key, id info length:u32) over the bucket, mod 2^64
/// id := the user's, in UTF-8                  length := of id, in bytes, little-endian
/// </code>
/// All nodes compute it alike: it is part of what a release speaks. Users choose their ids, and a collision would hide one who came or
/// went. So each comparison has a new key that only nodes see: nobody can choose ids whose sums are alike, though sums add up, or that all fall into
/// one bucket; two lists that differ have the same sum once in 2^64, and not again at the next comparison. It is made when it is
/// asked for, 0.1 µs a member: owners change seldom, and a key of its own leaves nothing to keep.
/// </summary>
internal sealed class MemberDigest(DigestKey key)
{
    public const int Buckets = 256;

    private readonly ulong[] _sums = new ulong[Buckets];
    private byte[] _buffer = new byte[256];

    /// <summary>Every bucket's number.</summary>
    public static IReadOnlyList<byte> AllBuckets { get; } = [.. Enumerable.Range(0, Buckets).Select(bucket => (byte)bucket)];

    public DigestKey Key => key;

    /// <summary>One of each bucket.</summary>
    public IReadOnlyList<ulong> Sums => _sums;

    public void Add(string userId, ReadOnlySpan<byte> info)
    {
        var idSize = Encode(userId, info.Length + sizeof(int));
        var id = _buffer.AsSpan(0, idSize);
        info.CopyTo(_buffer.AsSpan(idSize));
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(idSize + info.Length), idSize);
        _sums[BucketOf(id)] += SipHash.Of(key, _buffer.AsSpan(0, idSize + info.Length + sizeof(int)));
    }

    public byte BucketOf(string userId) => BucketOf(_buffer.AsSpan(0, Encode(userId, 0)));

    /// <summary>The buckets whose sums are not these; all where there are not as many.</summary>
    public IReadOnlyList<byte> DifferingFrom(IReadOnlyList<ulong> sums) =>
        sums.Count == Buckets ? [.. AllBuckets.Where(bucket => sums[bucket] != _sums[bucket])] : AllBuckets;

    /// <summary>Tells whether a user belongs into one of some buckets under a key.</summary>
    public static Func<string, bool> IsIn(DigestKey key, IEnumerable<byte> buckets)
    {
        var digest = new MemberDigest(key);
        var isIn = new bool[Buckets];
        foreach (var bucket in buckets)
        {
            isIn[bucket] = true;
        }

        return userId => isIn[digest.BucketOf(userId)];
    }

    private byte BucketOf(ReadOnlySpan<byte> id) => (byte)SipHash.Of(key, id);

    /// <summary>Writes the id to the buffer's front, and sees to it that there is room behind.</summary>
    private int Encode(string userId, int behind)
    {
        var needed = Encoding.UTF8.GetMaxByteCount(userId.Length) + behind;
        if (_buffer.Length < needed)
        {
            _buffer = new byte[Math.Max(needed, 2 * _buffer.Length)];
        }

        return Encoding.UTF8.GetBytes(userId, _buffer);
    }
}
