using System.Text;
using Broker.Messages;

namespace Broker.Actors.Sessions;

/// <summary>Turns the bytes of a channel's name into the name; those that came lately are not built anew. Bounded.</summary>
internal sealed class NameCache
{
    private const int MaxNames = 16_384;
    private const int MaxBytes = 256;

    private readonly Dictionary<byte[], ChannelName> _names = new(Utf8Comparer.Instance);
    private readonly Dictionary<byte[], ChannelName>.AlternateLookup<ReadOnlySpan<byte>> _lookup;
    private readonly string _app;

    public NameCache(string app)
    {
        _app = app;
        _lookup = _names.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>Names kept.</summary>
    public int Count => _names.Count;

    public ChannelName Get(ReadOnlySpan<byte> utf8)
    {
        if (_lookup.TryGetValue(utf8, out var name))
        {
            return name;
        }

        name = new ChannelName(_app, Encoding.UTF8.GetString(utf8));
        if (utf8.Length <= MaxBytes)
        {
            if (_names.Count >= MaxNames)
            {
                _names.Clear();
            }

            _lookup[utf8] = name;
        }

        return name;
    }

    private sealed class Utf8Comparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static Utf8Comparer Instance { get; } = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = default(HashCode);
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
