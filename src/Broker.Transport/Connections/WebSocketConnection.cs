using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Broker.Actors;
using Broker.Actors.Loops;
using Broker.Actors.Sessions;
using Broker.Transport.Framing;

namespace Broker.Transport.Connections;

/// <summary>
/// The WebSocket protocol of one connection, over whatever carries its bytes: messages, pings, the closing handshake
/// (RFC 6455 sections 5 and 7). Lives on its loop; an idle one has no buffer and no timer.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "What it owns is freed with the connection, in Free.")]
internal sealed partial class WebSocketConnection : ITransport, IByteLinkOwner, IDeferred
{
    private static readonly FrameSlice PingFrame = new([FrameHeader.FinBit | (byte)Opcode.Ping, 0], 0, 2);

    private readonly IByteLink _link;
    private readonly Reception _reception;
    private readonly MessageReader _reader;
    private readonly Outbox _outbox;
    private ITransportSink? _sink;
    private Later? _later;
    private CloseTimer? _closeTimer;
    private long _lastHeardMs;
    private byte[]? _held;   // read, but not delivered while reading is paused
    private int _heldStart;
    private int _heldEnd;
    private Stage _stage;
    private bool _isFlushDue;
    private bool _isOverflowed;
    private bool _isOverflowTold;
    private bool _isCut;   // bytes were dropped: nothing sent after them would make sense
    private bool _isShut;
    private bool _hasPeerEnded;
    private bool _isClosedTold;
    private bool _isReading;

    private WebSocketConnection(Loop loop, IByteLink link, Opening opening, Reception reception, OutboxBudget budget)
    {
        Loop = loop;
        Connection = opening.Info;
        Framing = opening.Deflate is { } deflate ? deflate.Framing : PlainFraming.Instance;
        _lastHeardMs = loop.NowMs;
        _link = link;
        _reception = reception;
        _reader = new MessageReader(Options.MaxMessageBytes, opening.Deflate is not null);
        _outbox = new Outbox(link, Options.OutboxBytes, budget);
    }

    private enum Stage : byte
    {
        Open,

        /// <summary>Our close frame is on its way; the client's is awaited.</summary>
        Closing,

        /// <summary>Nothing from the client matters any more; what is queued goes out.</summary>
        Ending,
        Gone,
    }

    public Loop Loop { get; }

    public IFraming Framing { get; }

    public ConnectionInfo Connection { get; }

    public string Way => _link.Way;

    public Disconnect? Failure { get; private set; }

    public long QueuedBytes => _outbox.QueuedBytes;

    private WebSocketOptions Options => _reception.Options;

    /// <summary>Answers the handshake and opens the session, on the loop. The caller then starts the link.</summary>
    public static WebSocketConnection Open(
        Loop loop, IByteLink link, Opening opening, Reception reception, OutboxBudget budget)
    {
        var gate = reception.Gate;
        var connection = new WebSocketConnection(loop, link, opening, reception, budget);
        if (MemoryMarshal.TryGetArray(opening.Response, out var response) && response.Count > 0)
        {
            connection.Queue(new FrameSlice(response.Array!, response.Offset, response.Count));
        }

        try
        {
            connection._sink = gate.Open(opening.Admission, connection);
        }
#pragma warning disable CA1031 // The edge of a session: a bug in one closes it alone.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            loop.Report(gate, opening, fault);
            gate.Abandon(opening.Admission);
            connection.Fail(Disconnect.InternalError);
        }

        return connection;
    }

    public void Send(in FrameSlice frames)
    {
        if (_stage == Stage.Open && !_isOverflowed)
        {
            Queue(frames);
        }
    }

    public void Send(ReadOnlySpan<byte> payload, FrameKind kind)
    {
        if (_stage != Stage.Open || _isOverflowed)
        {
            return;
        }

        var log = Loop.Log;
        var length = Framing.Frame(payload, kind, log.Reserve(Framing.MaxSize(payload.Length)));
        Queue(log.Commit(length));
    }

    public void Ping() => Send(PingFrame);

    public void PauseReading() => Pause(Pauses.Session);

    public void ResumeReading() => Resume(Pauses.Session);

    public void Close(Disconnect reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        if (_stage != Stage.Open)
        {
            return;
        }

        if (_isCut)
        {
            Abort();
            return;
        }

        _stage = Stage.Closing;
        QueueClose(reason.Code, reason.Reason);
        SetCloseTimer();
        Resume(_pauses);   // to see the client's close
    }

    public void Abort()
    {
        if (_stage != Stage.Gone)
        {
            Free();
            RunLater();
        }
    }

    void IByteLinkOwner.BytesReceived(Span<byte> bytes)
    {
        _lastHeardMs = Loop.NowMs;
        if (_held is not null)
        {
            Hold(bytes);
            return;
        }

        var left = Read(bytes);
        if (left > 0)
        {
            Hold(bytes[^left..]);
        }
    }

    void IByteLinkOwner.Writable() => Flush();

    void IByteLinkOwner.EndOfStream()
    {
        _hasPeerEnded = true;
        End(isClean: false);
        Flush();
    }

    void IByteLinkOwner.Lost()
    {
        Free();
        TellClosed(isClean: false);
    }

    void IDeferred.Run()
    {
        _isFlushDue = false;
        EndBurst();
        Flush();
        Resume(Pauses.Burst);
    }

    /// <summary>Delivers what is whole; returns the number of bytes not looked at because reading was paused.</summary>
    private int Read(Span<byte> bytes)
    {
        _isReading = true;
        var offered = bytes.Length;
        while (_stage < Stage.Ending && _pauses == Pauses.None && ReadOne(ref bytes))
        {
            Spend(ref _frames, 1, Options.FramesPerSecond, Limit.FramesPerSecond);
            LetAnswersGo();
        }

        _isReading = false;
        Spend(ref _bytes, offered - bytes.Length, Options.BytesPerSecond, Limit.BytesPerSecond);
        if (_stage < Stage.Ending)
        {
            return bytes.Length;
        }

        _reader.Dispose();
        return 0;
    }

    /// <summary>False when more bytes are needed.</summary>
    private bool ReadOne(ref Span<byte> bytes)
    {
        switch (_reader.Read(ref bytes, out var payload))
        {
            case ReadOutcome.NeedMore:
                return false;
            case ReadOutcome.Text:
                Deliver(payload, FrameKind.Text);
                break;
            case ReadOutcome.Binary:
                Deliver(payload, FrameKind.Binary);
                break;
            case ReadOutcome.Ping when _stage == Stage.Open:
                Answer(payload);
                break;
            case ReadOutcome.Close:
                ClosedByClient(CloseCodes.Read(payload));
                break;
            case ReadOutcome.Failed:
                Fail(_reader.Failure!);
                break;
            default:
                break;   // a pong has moved LastHeardMs already
        }

        return true;
    }

    private void Deliver(ReadOnlySpan<byte> payload, FrameKind kind)
    {
        if (_stage != Stage.Open)
        {
            return;
        }

        _burst += payload.Length;
        try
        {
            _sink!.Received(payload, kind);
        }
#pragma warning disable CA1031 // The edge of a session: a bug in one closes it alone.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Loop.Report(_sink!, message: null, fault);
            Close(Disconnect.InternalError);
        }
    }

    private void Answer(ReadOnlySpan<byte> ping)
    {
        var log = Loop.Log;
        Send(log.Commit(FrameWriter.Write(log.Reserve(ping.Length + FrameWriter.MaxHeaderSize), Opcode.Pong, ping)));
    }

    private void ClosedByClient(int code)
    {
        var isClean = _stage == Stage.Open;
        if (isClean)
        {
            QueueClose(code, "");
        }

        End(isClean);
    }

    /// <summary>RFC 6455 section 7.1.7: says why, and waits for nothing.</summary>
    private void Fail(Disconnect failure)
    {
        Failure = failure;
        if (failure == Disconnect.TooBig)
        {
            _reception.Gate.Met(Limit.FrameBytes);
        }

        if (_stage == Stage.Open)
        {
            QueueClose(failure.Code, failure.Reason);
        }

        End(isClean: false);
    }

    private void QueueClose(int code, string reason)
    {
        if (!_isCut)
        {
            var log = Loop.Log;
            Queue(log.Commit(FrameWriter.WriteClose(log.Reserve(FrameHeader.MaxControlPayload + 2), code, reason)));
        }
    }

    private void Queue(in FrameSlice frames)
    {
        _back += frames.Length;
        if (!_outbox.Add(frames))
        {
            Overflow();
        }

        FlushInThisTick();
    }

    private void FlushInThisTick()
    {
        if (!_isFlushDue)
        {
            _isFlushDue = true;
            Loop.Defer(LoopPhase.Flush, this);
        }
    }

    private void Flush()
    {
        if (_stage == Stage.Gone)
        {
            return;
        }

        var before = _outbox.QueuedBytes;
        if (!_outbox.Flush())
        {
            Overflow();
        }

        if (_stage == Stage.Open)
        {
            WeighOutbox(before);
        }

        if (_stage != Stage.Ending || !(_outbox.IsEmpty || _isCut))
        {
            return;
        }

        if (!_isShut)
        {
            _isShut = true;
            _link.Shutdown();
        }

        if (_hasPeerEnded && _link.HasSent)
        {
            Free();
        }
    }

    private void Overflow()
    {
        _isOverflowed = true;
        _isCut |= _outbox.QueuedBytes <= Options.OutboxBytes;   // not the client's bound but the node's budget was full
        if (!_isOverflowTold)
        {
            RunLater();
        }
    }

    private void End(bool isClean)
    {
        if (_stage >= Stage.Ending)
        {
            return;
        }

        _stage = Stage.Ending;
        DisposeReader();
        Release();
        SetCloseTimer();
        FlushInThisTick();
        if (_pauses != Pauses.None)
        {
            _pauses = Pauses.None;
            _link.ResumeReading();   // to see the end of the stream
        }

        TellClosed(isClean);
    }

    private void Free()
    {
        if (_stage == Stage.Gone)
        {
            return;
        }

        _stage = Stage.Gone;
        _link.Abort();
        DisposeReader();
        _outbox.Dispose();
        Release();
        if (_closeTimer is not null)
        {
            Loop.Wheel.Cancel(_closeTimer);
        }

        if (_rateTimer is not null)
        {
            Loop.Wheel.Cancel(_rateTimer);
        }
    }

    // Not under a message that is being delivered: its bytes may be the reader's.
    private void DisposeReader()
    {
        if (!_isReading)
        {
            _reader.Dispose();
        }
    }

    private void TellClosed(bool isClean)
    {
        if (_isClosedTold)
        {
            return;
        }

        _isClosedTold = true;
        try
        {
            _sink?.Closed(isClean);
        }
#pragma warning disable CA1031 // The edge of a session: a bug in one closes it alone.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Loop.Report(_sink!, message: null, fault);
        }
    }

    private void SetCloseTimer()
    {
        if (_closeTimer is null)
        {
            _closeTimer = new CloseTimer(this);
            Loop.Wheel.Set(_closeTimer, Loop.NowMs, Options.CloseTimeoutMs);
        }
    }

    private void Hold(ReadOnlySpan<byte> bytes)
    {
        if (_held is null || _held.Length - _heldEnd < bytes.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(_heldEnd - _heldStart + bytes.Length);
            var kept = _held.AsSpan(_heldStart, _heldEnd - _heldStart);
            kept.CopyTo(larger);
            Release();
            (_held, _heldEnd) = (larger, kept.Length);
        }

        bytes.CopyTo(_held.AsSpan(_heldEnd));
        _heldEnd += bytes.Length;
    }

    private void Release()
    {
        if (_held is not null)
        {
            ArrayPool<byte>.Shared.Return(_held);
        }

        (_held, _heldStart, _heldEnd) = (null, 0, 0);
    }

    /// <summary>What the session asked for in a call of its own is done, and told, after that call.</summary>
    private void RunLater()
    {
        if (_later is null)
        {
            _later = new Later(this);
            Loop.Defer(LoopPhase.Drained, _later);
        }
    }

    private void DoLater()
    {
        _later = null;
        if (_stage == Stage.Gone)
        {
            TellClosed(isClean: false);
            return;
        }

        if (_isOverflowed && !_isOverflowTold && _stage == Stage.Open)
        {
            _isOverflowTold = true;
            _sink?.Overflowed();
        }

        if (_held is { } held && _pauses == Pauses.None)
        {
            // Taken out while it is read: what is not delivered is put back.
            var (start, end) = (_heldStart, _heldEnd);
            (_held, _heldStart, _heldEnd) = (null, 0, 0);
            var left = Read(held.AsSpan(start, end - start));
            if (left > 0 && _stage < Stage.Ending)
            {
                (_held, _heldStart, _heldEnd) = (held, end - left, end);
                return;
            }

            ArrayPool<byte>.Shared.Return(held);
            if (_pauses == Pauses.None && _stage != Stage.Gone)
            {
                _link.ResumeReading();
            }
        }
    }

    private sealed class Later(WebSocketConnection connection) : IDeferred
    {
        public void Run() => connection.DoLater();
    }

    private sealed class CloseTimer(WebSocketConnection connection) : WheelTimer
    {
        protected override void Fire()
        {
            connection.Free();
            connection.TellClosed(isClean: false);
        }
    }
}
