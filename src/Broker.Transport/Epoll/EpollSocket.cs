using System.Runtime.InteropServices;
using Broker.Actors.Loops;
using Broker.Transport.Connections;

namespace Broker.Transport.Epoll;

/// <summary>One non-blocking socket on its loop's poller.</summary>
internal sealed unsafe class EpollSocket : IByteLink
{
    /// <summary>Full buffers taken from one socket before the others get their turn.</summary>
    private const int ReadsPerTick = 8;

    private readonly EpollPoller _poller;
    private IByteLinkOwner? _owner;
    private ulong _token;
    private uint _interest = Libc.EPOLLIN;
    private bool _isClosed;

    /// <param name="poller">The loop's.</param>
    /// <param name="descriptor">Owned from now on.</param>
    public EpollSocket(EpollPoller poller, int descriptor)
    {
        _poller = poller;
        Descriptor = descriptor;
    }

    public int Descriptor { get; }

    public string Way => "fast";

    public bool HasSent => true;   // it is the kernel's

    /// <summary>Begins to read, unless the owner has paused or ended it already.</summary>
    /// <param name="owner">Hears of everything from now on.</param>
    public void Start(IByteLinkOwner owner)
    {
        _owner = owner;
        if (!_isClosed)
        {
            _token = _poller.Add(this, _interest);
        }
    }

    public long TrySend(ReadOnlySpan<FrameSlice> slices)
    {
        long sent = 0;
        for (var i = 0; i < slices.Length && !_isClosed;)
        {
            var gathered = Gather(slices[i..], out var count);
            var taken = count > 0 ? Send(_poller.GatherBuffer, gathered) : Send(slices[i]);
            sent += taken;
            if (taken < (count > 0 ? gathered : slices[i].Length))
            {
                SetInterest(_interest | Libc.EPOLLOUT);
                break;
            }

            i += Math.Max(count, 1);
        }

        return sent;
    }

    public void PauseReading() => SetInterest(_interest & ~Libc.EPOLLIN);

    public void ResumeReading() => SetInterest(_interest | Libc.EPOLLIN);

    public void Shutdown()
    {
        if (!_isClosed)
        {
            _ = Libc.shutdown(Descriptor, Libc.SHUT_WR);
        }
    }

    public void Abort()
    {
        if (_isClosed)
        {
            return;
        }

        _isClosed = true;
        if (_owner is not null)
        {
            _poller.Remove(_token);
        }

        _ = Libc.close(Descriptor);
    }

    /// <summary>Handles an event of the poller's.</summary>
    internal void Ready(uint what)
    {
        if ((what & Libc.EPOLLOUT) != 0)
        {
            var before = _interest;
            _interest &= ~Libc.EPOLLOUT;
            _owner!.Writable();
            if (_interest != before && !_isClosed)
            {
                _poller.Modify(this, _interest, _token);
            }
        }

        if ((what & Libc.EPOLLIN) != 0 && (_interest & Libc.EPOLLIN) != 0)
        {
            Read();
        }
        else if ((what & ~(Libc.EPOLLIN | Libc.EPOLLOUT)) != 0 && !_isClosed)
        {
            _owner!.Lost();   // an error, or both ways closed
        }
    }

    // What has piled up is read on, up to a bound, so that under load one flush carries more for each receiver. What is
    // left is reported again in the next tick.
    private void Read()
    {
        for (var reads = 0; reads < ReadsPerTick && !_poller.IsReadingOver && ReadOnce(); reads++)
        {
        }
    }

    /// <summary>True when the buffer was filled, so that more may be waiting.</summary>
    private bool ReadOnce()
    {
        if (_isClosed || (_interest & Libc.EPOLLIN) == 0)
        {
            return false;
        }

        var length = Libc.recv(Descriptor, _poller.Buffer, EpollPoller.BufferSize, Libc.MSG_DONTWAIT);
        if (length > 0)
        {
            _owner!.BytesReceived(new Span<byte>(_poller.Buffer, (int)length));
            return length == EpollPoller.BufferSize;
        }

        if (length == 0)
        {
            SetInterest(_interest & ~Libc.EPOLLIN);   // or the end would be reported again and again
            _owner!.EndOfStream();
        }
        else if (Marshal.GetLastPInvokeError() is not (Libc.EAGAIN or Libc.EINTR))
        {
            _owner!.Lost();
        }

        return false;
    }

    /// <summary>Copies small slices together: cheaper than a gathered send, whose parts would have to be pinned one by one.</summary>
    private int Gather(ReadOnlySpan<FrameSlice> slices, out int count)
    {
        count = 0;
        if (slices.Length < 2 || slices[0].Length + slices[1].Length > EpollPoller.GatherSize)
        {
            return 0;
        }

        var gather = new Span<byte>(_poller.GatherBuffer, EpollPoller.GatherSize);
        var used = 0;
        while (count < slices.Length && slices[count].Length <= gather.Length - used)
        {
            slices[count].Span.CopyTo(gather[used..]);
            used += slices[count++].Length;
        }

        return used;
    }

    private long Send(in FrameSlice slice)
    {
        fixed (byte* bytes = slice.Span)
        {
            return Send(bytes, slice.Length);
        }
    }

    private long Send(byte* bytes, int length)
    {
        var taken = Libc.send(Descriptor, bytes, (nuint)length, Libc.MSG_DONTWAIT | Libc.MSG_NOSIGNAL);
        return Math.Max(taken, 0);   // what broke the connection is reported by the poller as well
    }

    private void SetInterest(uint interest)
    {
        if (_interest == interest)
        {
            return;
        }

        _interest = interest;
        if (_owner is not null && !_isClosed)
        {
            _poller.Modify(this, interest, _token);
        }
    }
}
