using System.Runtime.InteropServices;

namespace Broker.Transport.Epoll;

/// <summary>An epoll set with an eventfd that ends its wait. Each descriptor carries a number of its owner's.</summary>
internal sealed unsafe class EpollSet : IDisposable
{
    private const int MaxEvents = 512;
    private const ulong WakeToken = ulong.MaxValue;

    // struct epoll_event { uint32_t events; uint64_t data; } is packed on x86-64 and nowhere else.
    private static readonly int EventSize = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int DataOffset = EventSize - sizeof(ulong);

    private readonly int _epoll;
    private readonly WakeDescriptor _wake = new();
    private byte* _events;
    private int _isWoken;

    public EpollSet()
    {
        _epoll = Libc.Check(Libc.epoll_create1(Libc.EPOLL_CLOEXEC), nameof(Libc.epoll_create1));
        _events = (byte*)NativeMemory.AllocZeroed((nuint)(MaxEvents * EventSize));
        Add(_wake.Number, Libc.EPOLLIN, WakeToken);
    }

    public void Add(int descriptor, uint interest, ulong token) => Control(Libc.EPOLL_CTL_ADD, descriptor, interest, token);

    public void Modify(int descriptor, uint interest, ulong token) => Control(Libc.EPOLL_CTL_MOD, descriptor, interest, token);

    public void Remove(int descriptor) => Control(Libc.EPOLL_CTL_DEL, descriptor, 0, 0);

    /// <summary>Waits; returns the number of events, which <see cref="Event"/> gives until the next call.</summary>
    public int Wait(int timeoutMs)
    {
        var count = Libc.epoll_wait(_epoll, _events, MaxEvents, timeoutMs);
        return Math.Max(count, 0);   // interrupted by a signal: nothing happened
    }

    /// <summary>False for a wake, which is no event of a descriptor's.</summary>
    public bool Event(int index, out uint what, out ulong token)
    {
        var at = _events + index * EventSize;
        what = *(uint*)at;
        token = *(ulong*)(at + DataOffset);
        if (token != WakeToken)
        {
            return true;
        }

        ulong count;
        _ = Libc.read(_wake.Number, &count, sizeof(ulong));
        Volatile.Write(ref _isWoken, 0);
        return false;
    }

    /// <summary>Ends the current or the next wait. From any thread.</summary>
    public void Wake()
    {
        if (Interlocked.Exchange(ref _isWoken, 1) == 0)
        {
            _wake.Write();
        }
    }

    public void Dispose()
    {
        if (_events is not null)
        {
            NativeMemory.Free(_events);
            _events = null;

            _wake.Dispose();
            _ = Libc.close(_epoll);
        }
    }

    private void Control(int operation, int descriptor, uint interest, ulong token)
    {
        var what = stackalloc byte[16];
        *(uint*)what = interest;
        *(ulong*)(what + DataOffset) = token;
        _ = Libc.Check(Libc.epoll_ctl(_epoll, operation, descriptor, what), nameof(Libc.epoll_ctl));
    }
}
