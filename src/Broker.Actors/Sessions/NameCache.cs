using System.Text;
using Broker.Actors.Rights;
using Broker.Messages;

namespace Broker.Actors.Sessions;

/// <summary>
/// Turns the bytes of a channel's name into the name, and knows its rules; those that came lately are not built anew.
/// Bounded.
/// </summary>
internal sealed class NameCache(string app, ChannelAccess access)
{
    private const int MaxNames = 16_384;
    private const int MaxBytes = 256;

    private readonly Dictionary<byte[], KnownChannel> _names = new(Utf8Comparer.Instance);
    private KnownChannel? _last;

    /// <summary>Names kept.</summary>
    public int Count => _names.Count;

    public ChannelName Get(ReadOnlySpan<byte> utf8)
    {
        var lookup = _names.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (lookup.TryGetValue(utf8, out var known))
        {
            _last = known;
            return known.Name;
        }

        known = access.Know(new ChannelName(app, Encoding.UTF8.GetString(utf8)));
        _last = known;
        if (utf8.Length <= MaxBytes)
        {
            if (_names.Count >= MaxNames)
            {
                _names.Clear();
            }

            lookup[utf8] = known;
        }

        return known.Name;
    }

    /// <summary>What is known of a channel: at once of the one whose name was asked for last, as each command does first.</summary>
    public KnownChannel Find(ChannelName channel) => _last is { } last && last.Name == channel ? last : access.Know(channel);

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
