using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Broker.Transport.Framing;

/// <summary>Validates UTF-8 that arrives in pieces, and finds the first wrong byte in the piece that brings it.</summary>
internal struct Utf8Validator
{
    private uint _pending;   // first bytes of a sequence cut by a piece's end, in memory order
    private int _pendingCount;

    /// <summary>True when no sequence is cut at the end of what was fed.</summary>
    public readonly bool IsComplete => _pendingCount == 0;

    /// <summary>False when the bytes so far cannot be the beginning of valid text.</summary>
    public bool Feed(ReadOnlySpan<byte> piece)
    {
        while (_pendingCount > 0)
        {
            if (piece.IsEmpty)
            {
                return true;
            }

            _pending |= (uint)piece[0] << (8 * _pendingCount++);
            piece = piece[1..];
            switch (Status())
            {
                case OperationStatus.Done: Clear(); break;
                case OperationStatus.NeedMoreData: break;
                default: return false;
            }
        }

        var cut = CutAtEnd(piece);
        if (!Utf8.IsValid(piece[..^cut]))
        {
            return false;
        }

        if (cut == 0)
        {
            return true;
        }

        foreach (var part in piece[^cut..])
        {
            _pending |= (uint)part << (8 * _pendingCount++);
        }

        return Status() == OperationStatus.NeedMoreData;
    }

    private readonly OperationStatus Status()
    {
        Span<byte> bytes = stackalloc byte[4];
        BitConverter.TryWriteBytes(bytes, _pending);
        return Rune.DecodeFromUtf8(bytes[.._pendingCount], out _, out _);
    }

    private void Clear()
    {
        _pending = 0;
        _pendingCount = 0;
    }

    /// <summary>Bytes of a last sequence that is shorter than its first byte says: 0 to 3.</summary>
    private static int CutAtEnd(ReadOnlySpan<byte> piece)
    {
        for (var back = 1; back <= 3 && back <= piece.Length; back++)
        {
            var lead = piece[^back];
            if (lead < 0x80)
            {
                return 0;
            }

            if (lead >= 0xC0)
            {
                var wanted = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
                return back < wanted ? back : 0;
            }
        }

        return 0;
    }
}
