using System.Buffers;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using Broker.Actors.Loops;
using Broker.Transport.Connections;

namespace Broker.Transport.Pipes;

/// <summary>
/// Bytes of a duplex pipe on a loop. A task reads and posts copies to the loop, one at a time; the loop writes while no
/// flush is under way. So the loop never waits for the pipe, and a paused connection holds one piece at most.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle is never asked for holds nothing to dispose of.")]
[SuppressMessage("Usage", "VSTHRD003", Justification = "No task here is waited for on a thread that it needs: loops do not wait.")]
internal sealed class PipeLink : Actor, IByteLink
{
    private const int MaxPiece = 64 * 1024;

    private readonly IDuplexPipe _pipe;
    private readonly Action _cut;
    private readonly string _way;
    private readonly Func<Loop, IByteLink, IByteLinkOwner> _open;
    private readonly SemaphoreSlim _mayRead = new(0);
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IByteLinkOwner? _owner;
    private int _unflushed;
    private bool _isReadWanted = true;
    private bool _isReadUnderWay;
    private bool _hasReadEnded;
    private bool _isFlushUnderWay;
    private bool _isWriteWanted;
    private bool _isShutdownWanted;
    private bool _isOutputDone;
    private bool _isBroken;
    private volatile bool _isClosed;

    /// <param name="loop">Where the connection lives.</param>
    /// <param name="pipe">Both ends are completed by the link.</param>
    /// <param name="cut">Ends what carries the pipe at once, for peers that do not take what was sent.</param>
    /// <param name="way">How the connection came in.</param>
    /// <param name="open">Makes the owner, on the loop.</param>
    public PipeLink(Loop loop, IDuplexPipe pipe, Action cut, string way, Func<Loop, IByteLink, IByteLinkOwner> open)
        : base(loop)
    {
        _pipe = pipe;
        _cut = cut;
        _way = way;
        _open = open;
    }

    private enum Signal
    {
        Start,
        Flushed,
        Broken,
        ReadEnded,
        ReadBroken,
    }

    public string Way => _way;

    public bool HasSent => !_isFlushUnderWay;

    /// <summary>Opens the connection on its loop; ends when nothing of the pipe is used any more.</summary>
    public Task RunAsync()
    {
        Tell(Signal.Start);
        return _over.Task;
    }

    public long TrySend(ReadOnlySpan<FrameSlice> slices)
    {
        long taken = 0;
        foreach (ref readonly var slice in slices)
        {
            for (var rest = slice.Span; !rest.IsEmpty;)
            {
                if (_isFlushUnderWay || _isOutputDone || _isBroken || _isClosed)
                {
                    _isWriteWanted = true;
                    return taken;
                }

                var piece = rest[..Math.Min(rest.Length, MaxPiece - _unflushed)];
                rest = rest[piece.Length..];
                _pipe.Output.Write(piece);
                taken += piece.Length;
                _unflushed += piece.Length;
                if (_unflushed == MaxPiece)
                {
                    Flush();
                }
            }
        }

        Flush();
        return taken;
    }

    public void PauseReading() => _isReadWanted = false;

    public void ResumeReading()
    {
        _isReadWanted = true;
        LetRead();
    }

    public void Shutdown()
    {
        _isShutdownWanted = true;
        CompleteOutput();
    }

    public void Abort()
    {
        if (_isClosed)
        {
            return;
        }

        _isClosed = true;
        if (!_isOutputDone)
        {
            Try(_cut);
        }

        Try(_pipe.Output.CancelPendingFlush);
        Try(_pipe.Input.CancelPendingRead);
        _mayRead.Release();
        Finish();
    }

    protected override void Receive(object message)
    {
        switch (message)
        {
            case ReadPiece piece:
                Received(piece);
                break;
            case Signal.Start:
                _owner = _open(Loop, this);
                _ = ReadAsync();
                LetRead();
                break;
            case Signal.Flushed:
                Flushed();
                break;
            case Signal.Broken:
                _isFlushUnderWay = false;
                _isBroken = true;
                Inform(_owner!.Lost);
                break;
            case Signal.ReadEnded:
                _hasReadEnded = true;
                Inform(_owner!.EndOfStream);
                break;
            case Signal.ReadBroken:
                _hasReadEnded = true;
                Inform(_owner!.Lost);
                break;
            default:
                throw new UnreachableException();
        }
    }

    protected override void Faulted(Exception fault)
    {
        Abort();
        if (_owner is null)
        {
            _hasReadEnded = true;   // the read task was never started
        }

        Finish();
    }

    private void Inform(Action tell)
    {
        if (!_isClosed)
        {
            tell();
        }

        Finish();
    }

    private void Received(ReadPiece piece)
    {
        _isReadUnderWay = false;
        if (!_isClosed)
        {
            _owner!.BytesReceived(piece.Buffer.AsSpan(0, piece.Length));
        }

        ArrayPool<byte>.Shared.Return(piece.Buffer);
        LetRead();
    }

    private void LetRead()
    {
        if (_isReadWanted && !_isReadUnderWay && !_hasReadEnded && !_isClosed)
        {
            _isReadUnderWay = true;
            _mayRead.Release();
        }
    }

    private void Flushed()
    {
        _isFlushUnderWay = false;
        if (_isShutdownWanted)
        {
            CompleteOutput();
        }

        if ((_isWriteWanted || _isShutdownWanted) && !_isClosed)
        {
            _isWriteWanted = false;
            _owner!.Writable();
        }

        Finish();
    }

    private void Flush()
    {
        if (_unflushed == 0)
        {
            return;
        }

        _unflushed = 0;
        var flush = FlushAsync();
        if (!flush.IsCompleted)
        {
            _isFlushUnderWay = true;
            _ = TellWhenFlushedAsync(flush);
        }
        else if (!flush.Result)
        {
            _isFlushUnderWay = true;   // until the news of its break has come round
            Tell(Signal.Broken);
        }
    }

    private async Task TellWhenFlushedAsync(Task<bool> flush) => Tell(await flush ? Signal.Flushed : Signal.Broken);

    /// <summary>False when nobody reads what is written any more.</summary>
    private async Task<bool> FlushAsync()
    {
        try
        {
            var result = await _pipe.Output.FlushAsync();
            return !result.IsCompleted && !result.IsCanceled;
        }
#pragma warning disable CA1031 // The edge of a connection: whatever broke the pipe, the connection is gone.
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
    }

    private async Task ReadAsync()
    {
        var end = Signal.ReadEnded;
        try
        {
            while (await TryReadAsync())
            {
            }
        }
#pragma warning disable CA1031 // As in FlushAsync.
        catch (Exception)
#pragma warning restore CA1031
        {
            end = Signal.ReadBroken;
        }

        Tell(end);
    }

    private async Task<bool> TryReadAsync()
    {
        await _mayRead.WaitAsync();
        if (_isClosed)
        {
            return false;
        }

        var result = await _pipe.Input.ReadAsync();
        var buffer = result.Buffer.Slice(0, Math.Min(result.Buffer.Length, MaxPiece));
        if (buffer.IsEmpty || _isClosed)
        {
            _pipe.Input.AdvanceTo(buffer.Start);
            return false;
        }

        var length = (int)buffer.Length;
        var bytes = ArrayPool<byte>.Shared.Rent(length);
        buffer.CopyTo(bytes);
        _pipe.Input.AdvanceTo(buffer.End);
        Tell(new ReadPiece(bytes, length));
        return true;
    }

    private void CompleteOutput()
    {
        if (!_isFlushUnderWay && !_isOutputDone)
        {
            _isOutputDone = true;
            Try(() => _pipe.Output.Complete());
        }
    }

    /// <summary>Once closed, when neither a read nor a flush is under way.</summary>
    private void Finish()
    {
        if (_isClosed && _hasReadEnded && !_isFlushUnderWay && !_over.Task.IsCompleted)
        {
            CompleteOutput();
            Try(() => _pipe.Input.Complete());
            _over.TrySetResult();
        }
    }

    /// <summary>What carries the pipe may be gone already, and may say so.</summary>
    private static void Try(Action end)
    {
        try
        {
            end();
        }
#pragma warning disable CA1031 // As in FlushAsync.
        catch (Exception)
#pragma warning restore CA1031
        {
            // It has ended.
        }
    }

    private sealed record ReadPiece(byte[] Buffer, int Length);
}
