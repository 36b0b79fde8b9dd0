using System.Runtime.InteropServices;
using Broker.Actors.Loops;

namespace Broker.Transport.Epoll;

/// <summary>
/// A loop's sockets on Linux, x86-64 and arm64: one epoll set, one buffer that all of them are read into, one that small
/// pieces are gathered in to be sent. An idle socket costs its object and a slot.
/// </summary>
public sealed unsafe class EpollPoller : ILoopPoller
{
    internal const int BufferSize = 256 * 1024;
    internal const int GatherSize = 64 * 1024;

    private readonly EpollSet _set = new();
    private readonly List<Slot> _slots = [];
    private readonly Stack<int> _free = new();
    private byte* _buffer = (byte*)NativeMemory.Alloc(BufferSize);
    private byte* _gather = (byte*)NativeMemory.Alloc(GatherSize);
    private int _ready;

    /// <summary>True where this poller works.</summary>
    public static bool IsSupported =>
        OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;

    /// <summary>Sockets on this loop.</summary>
    public int Sockets => _slots.Count - _free.Count;

    /// <summary>True when sockets are to wait for the next tick.</summary>
    internal bool IsReadingOver { get; private set; }

    internal byte* Buffer => _buffer;

    internal byte* GatherBuffer => _gather;

    public void Poll(int timeoutMs) => _ready = _set.Wait(timeoutMs);

    public void Dispatch()
    {
        IsReadingOver = false;
        for (var i = 0; i < _ready; i++)
        {
            // A slot's generation moves on when its socket goes, so that an event of this batch cannot reach the next one.
            if (_set.Event(i, out var what, out var token)
                && CollectionsMarshal.AsSpan(_slots)[(int)(uint)token] is { Socket: { } socket } slot
                && slot.Generation == (uint)(token >> 32))
            {
                socket.Ready(what);
            }
        }

        _ready = 0;
    }

    public void EndReading() => IsReadingOver = true;

    public void Wake() => _set.Wake();

    /// <summary>Closes the sockets that are left; their owners hear nothing.</summary>
    public void Dispose()
    {
        foreach (var slot in _slots.ToArray())
        {
            slot.Socket?.Abort();
        }

        _set.Dispose();
        NativeMemory.Free(_buffer);
        NativeMemory.Free(_gather);
        _buffer = null;
        _gather = null;
    }

    internal ulong Add(EpollSocket socket, uint interest)
    {
        if (!_free.TryPop(out var index))
        {
            index = _slots.Count;
            _slots.Add(default);
        }

        ref var slot = ref CollectionsMarshal.AsSpan(_slots)[index];
        slot = slot with { Socket = socket };
        var token = ((ulong)slot.Generation << 32) | (uint)index;
        _set.Add(socket.Descriptor, interest, token);
        return token;
    }

    internal void Modify(EpollSocket socket, uint interest, ulong token) => _set.Modify(socket.Descriptor, interest, token);

    /// <summary>Forgets a socket, whose descriptor the caller closes next: that takes it out of the set.</summary>
    internal void Remove(ulong token)
    {
        ref var slot = ref CollectionsMarshal.AsSpan(_slots)[(int)(uint)token];
        slot = new Slot(null, slot.Generation + 1);
        _free.Push((int)(uint)token);
    }

    private readonly record struct Slot(EpollSocket? Socket, uint Generation);
}
