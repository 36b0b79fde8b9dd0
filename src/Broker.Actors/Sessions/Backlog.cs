using System.Buffers;
using System.Runtime.InteropServices;
using Broker.Actors.Loops;

namespace Broker.Actors.Sessions;

/// <summary>Bytes of one lagging client, copied into pooled blocks, first in first out.</summary>
internal sealed class Backlog
{
    private const int BlockSize = 16 * 1024;

    private readonly List<FrameSlice> _parts = [];
    private int _head;
    private byte[]? _block;
    private int _blockUsed;

    public long Bytes { get; private set; }

    /// <summary>What waits, oldest first.</summary>
    public ReadOnlySpan<FrameSlice> Parts => CollectionsMarshal.AsSpan(_parts)[_head..];

    public void Add(ReadOnlySpan<byte> bytes)
    {
        Bytes += bytes.Length;
        while (!bytes.IsEmpty)
        {
            if (_block is not null && _parts.Count == 0)
            {
                _blockUsed = 0;   // nothing of it waits any more
            }
            else if (_block is null || _blockUsed == _block.Length)
            {
                _block = ArrayPool<byte>.Shared.Rent(BlockSize);
                _blockUsed = 0;
            }

            var length = Math.Min(bytes.Length, _block.Length - _blockUsed);
            bytes[..length].CopyTo(_block.AsSpan(_blockUsed));
            Append(new FrameSlice(_block, _blockUsed, length));
            _blockUsed += length;
            bytes = bytes[length..];
        }
    }

    /// <summary>Drops what was sent, from the front.</summary>
    public void Forget(long taken)
    {
        Bytes -= taken;
        while (taken > 0)
        {
            var part = _parts[_head];
            if (part.Length > taken)
            {
                _parts[_head] = part with { Start = part.Start + (int)taken, Length = part.Length - (int)taken };
                break;
            }

            taken -= part.Length;
            Release(part.Buffer);
            _head++;
        }

        if (_head == _parts.Count)
        {
            _parts.Clear();
            _head = 0;
        }
        else if (_head > 64 && _head > _parts.Count / 2)
        {
            _parts.RemoveRange(0, _head);
            _head = 0;
        }
    }

    public void Clear()
    {
        Forget(Bytes);
        if (_block is not null)
        {
            ArrayPool<byte>.Shared.Return(_block);
            _block = null;
        }
    }

    // One part per block: adjacent bytes are merged.
    private void Append(in FrameSlice part)
    {
        if (_parts.Count > _head && _parts[^1] is var last && last.Touches(part))
        {
            _parts[^1] = last with { Length = last.Length + part.Length };
        }
        else
        {
            _parts.Add(part);
        }
    }

    private void Release(byte[] block)
    {
        if (!ReferenceEquals(block, _block))
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }
}
