using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;
using Broker.Actors.Loops;
using Broker.Messages;

namespace Broker.Actors.Dialects.Sse;

/// <summary>
/// How far a client has come in each of its channels, as the text of an event's id, which a browser gives back as
/// <c>Last-Event-ID</c>. For clients it is opaque:
/// <code>
/// id    := entry ("." entry)*        one entry per channel, in any order
/// entry := name place                in base64url
/// name  := 6 bytes of the channel's hash          place := life:u64 term:varint offset:varint
/// </code>
/// An entry names its channel, so that the list of channels may differ from one connection to the next.
/// </summary>
public sealed class SseCursor
{
    private const byte Separator = (byte)'.';
    private const int NameBytes = 6;
    private const int NameLength = 8;
    private const int MaxVarint = 10;
    private const int MaxEntryBytes = NameBytes + 8 + (2 * MaxVarint);
    private const int MaxEntryLength = ((MaxEntryBytes + 2) / 3) * 4;

    private readonly List<byte[]> _entries = [];

    private SseCursor(bool isGiven, bool isReadable)
    {
        IsGiven = isGiven;
        IsReadable = isReadable;
    }

    /// <summary>True when the client says that it was here before.</summary>
    public bool IsGiven { get; }

    /// <summary>False when it cannot be read, so that nobody knows where the client was.</summary>
    public bool IsReadable { get; }

    /// <summary>An upper bound of the id's length, in bytes.</summary>
    public int MaxLength => _entries.Sum(entry => entry.Length + 1);

    /// <summary>Reads what a client gave.</summary>
    /// <param name="id">Null or empty for a client that was not here before.</param>
    /// <param name="channels">Entries of other channels are forgotten.</param>
    public static SseCursor Read(string? id, IReadOnlyList<ChannelName> channels)
    {
        if (string.IsNullOrEmpty(id))
        {
            return new SseCursor(isGiven: false, isReadable: true);
        }

        var cursor = new SseCursor(isGiven: true, isReadable: true);
        Span<byte> name = stackalloc byte[NameLength];
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var channel in channels)
        {
            WriteName(channel, name);
            names.Add(Encoding.ASCII.GetString(name));
        }

        foreach (var text in id.Split('.'))
        {
            var entry = Encoding.UTF8.GetBytes(text);
            if (!TryReadEntry(entry, out _))
            {
                return new SseCursor(isGiven: true, isReadable: false);
            }

            if (names.Contains(text[..NameLength]))
            {
                cursor.MoveOn(entry);
            }
        }

        return cursor;
    }

    /// <summary>Writes the entry of one channel: the whole id of a client that has no other.</summary>
    internal static void WriteEntry(PayloadWriter payload, ChannelName channel, Position position)
    {
        Span<byte> bytes = stackalloc byte[MaxEntryBytes];
        WriteHash(channel, bytes);
        var length = NameBytes;
        BinaryPrimitives.WriteUInt64BigEndian(bytes[length..], position.Epoch.Life);
        length += 8;
        length += WriteVarint(bytes[length..], (ulong)position.Epoch.Term);
        length += WriteVarint(bytes[length..], (ulong)position.Offset);
        payload.Advance(Base64Url.EncodeToUtf8(bytes[..length], payload.GetSpan(MaxEntryLength)));
    }

    /// <summary>The last event of a channel that the client has seen; null where it was not in the channel.</summary>
    public Position? PositionIn(ChannelName channel)
    {
        Span<byte> name = stackalloc byte[NameLength];
        WriteName(channel, name);
        return IndexOf(name) is >= 0 and var index && TryReadEntry(_entries[index], out var position) ? position : null;
    }

    /// <summary>Takes the entry of an event that is being sent: from then on the id says so.</summary>
    public void MoveOn(ReadOnlySpan<byte> entry)
    {
        var index = IndexOf(entry[..NameLength]);
        if (index < 0)
        {
            _entries.Add(entry.ToArray());
        }
        else if (_entries[index].Length == entry.Length)
        {
            entry.CopyTo(_entries[index]);
        }
        else
        {
            _entries[index] = entry.ToArray();
        }
    }

    /// <summary>Writes the id; returns its length.</summary>
    public int Write(Span<byte> destination)
    {
        var length = 0;
        foreach (var entry in _entries)
        {
            if (length > 0)
            {
                destination[length++] = Separator;
            }

            entry.CopyTo(destination[length..]);
            length += entry.Length;
        }

        return length;
    }

    private int IndexOf(ReadOnlySpan<byte> name)
    {
        for (var i = 0; i < _entries.Count; i++)
        {
            if (_entries[i].AsSpan(0, NameLength).SequenceEqual(name))
            {
                return i;
            }
        }

        return -1;
    }

    private static void WriteName(ChannelName channel, Span<byte> name)
    {
        Span<byte> hash = stackalloc byte[8];
        WriteHash(channel, hash);
        Base64Url.EncodeToUtf8(hash[..NameBytes], name);
    }

    /// <summary>The first <see cref="NameBytes"/> are the name.</summary>
    private static void WriteHash(ChannelName channel, Span<byte> destination) =>
        BinaryPrimitives.WriteUInt64BigEndian(destination, channel.ShardHash);

    private static bool TryReadEntry(ReadOnlySpan<byte> entry, out Position position)
    {
        position = default;
        Span<byte> bytes = stackalloc byte[MaxEntryBytes];
        if (entry.Length is <= NameLength or > MaxEntryLength
            || Base64Url.DecodeFromUtf8(entry, bytes, out _, out var length) != System.Buffers.OperationStatus.Done
            || length < NameBytes + 10)
        {
            return false;
        }

        var life = BinaryPrimitives.ReadUInt64BigEndian(bytes[NameBytes..]);
        ReadOnlySpan<byte> rest = bytes[(NameBytes + 8)..length];
        if (!TryReadVarint(ref rest, out var term) || !TryReadVarint(ref rest, out var offset) || !rest.IsEmpty)
        {
            return false;
        }

        position = new Position(new Epoch(life, term), offset);
        return true;
    }

    private static int WriteVarint(Span<byte> destination, ulong value)
    {
        var length = 0;
        for (; value >= 0x80; value >>= 7)
        {
            destination[length++] = (byte)(value | 0x80);
        }

        destination[length++] = (byte)value;
        return length;
    }

    /// <summary>False for what is cut short, or no number from 0 up to the largest.</summary>
    private static bool TryReadVarint(ref ReadOnlySpan<byte> bytes, out long value)
    {
        ulong read = 0;
        value = 0;
        for (var i = 0; i < bytes.Length && i < MaxVarint; i++)
        {
            read |= (ulong)(bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] < 0x80)
            {
                bytes = bytes[(i + 1)..];
                value = (long)read;
                return value >= 0;
            }
        }

        return false;
    }
}
