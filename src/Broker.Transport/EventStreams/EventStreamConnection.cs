using System.Diagnostics.CodeAnalysis;
using Broker.Actors.Dialects.Sse;
using Broker.Actors.Loops;
using Broker.Actors.Sessions;
using Broker.Transport.Connections;

namespace Broker.Transport.EventStreams;

/// <summary>
/// The server-sent events of one connection: blocks go out as they are, but for their ids where the client has several
/// channels, and a comment breaks a long silence. Lives on its loop.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "What it owns is freed with the connection, in Free.")]
internal sealed class EventStreamConnection : ITransport, IByteLinkOwner, IDeferred
{
    private static readonly byte[] Comment = [.. ":\n\n"u8];

    private readonly IByteLink _link;
    private readonly EventStreamOptions _options;
    private readonly SseCursor? _cursor;   // null for a client of one channel, whose ids are the channel's
    private readonly Outbox _outbox;
    private readonly KeepAliveTimer _keepAlive;
    private ITransportSink? _sink;
    private CloseTimer? _closeTimer;
    private Later? _later;
    private long _lastSentMs;
    private Stage _stage;
    private bool _isFlushDue;
    private bool _isOverflowed;
    private bool _isOverflowTold;
    private bool _isCut;   // bytes were dropped: nothing sent after them would make sense
    private bool _isShut;
    private bool _isClosedTold;

    private EventStreamConnection(Loop loop, IByteLink link, SseRequest request, EventStreamOptions options, OutboxBudget budget)
    {
        Loop = loop;
        Connection = request;
        _link = link;
        _options = options;
        _cursor = request.Channels.Count > 1 ? request.Cursor : null;
        _outbox = new Outbox(link, options.OutboxBytes, budget);
        _keepAlive = new KeepAliveTimer(this);
        _lastSentMs = loop.NowMs;
    }

    private enum Stage : byte
    {
        Open,

        /// <summary>What is queued goes out, and nothing more.</summary>
        Ending,
        Gone,
    }

    public Loop Loop { get; }

    public IFraming Framing => EventStreamFraming.Instance;

    public ConnectionInfo Connection { get; }

    public string Way => _link.Way;

    public long QueuedBytes => _outbox.QueuedBytes;

    /// <summary>Now: such a client cannot give a sign of life, and is not asked for one.</summary>
    public long LastHeardMs => Loop.NowMs;

    /// <summary>Opens the session, on the loop. The caller then starts the link.</summary>
    public static EventStreamConnection Open(
        Loop loop, IByteLink link, SseRequest request, Admission.Accepted admission, ISessionGate gate, EventStreamOptions options, OutboxBudget budget)
    {
        var connection = new EventStreamConnection(loop, link, request, options, budget);
        connection.Begin();
        try
        {
            connection._sink = gate.Open(admission, connection);
        }
#pragma warning disable CA1031 // The edge of a session: a bug in one closes it alone.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            loop.Report(gate, admission, fault);
            gate.Abandon(admission);
            connection.Close(Disconnect.InternalError);
        }

        return connection;
    }

    public void Send(in FrameSlice frames)
    {
        if (_stage != Stage.Open || _isOverflowed)
        {
            return;
        }

        if (_cursor is null)
        {
            Queue(frames);
        }
        else
        {
            SendWithOwnIds(frames, _cursor);
        }
    }

    public void Send(ReadOnlySpan<byte> payload, FrameKind kind) => Send(Loop.Log.Append(payload));

    public void Ping()
    {
    }

    public void PauseReading()
    {
    }

    public void ResumeReading()
    {
    }

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

        Loop.Scratch.Clear();
        SseBlock.Disconnect(Loop.Scratch, reason);
        Queue(Loop.Log.Append(Loop.Scratch.WrittenSpan));
        _stage = Stage.Ending;
        Loop.Wheel.Cancel(_keepAlive);
        _closeTimer = new CloseTimer(this);
        Loop.Wheel.Set(_closeTimer, Loop.NowMs, _options.CloseTimeoutMs);
        RunLater();
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
    }

    void IByteLinkOwner.Writable() => Flush();

    void IByteLinkOwner.EndOfStream()
    {
        Free();
        TellClosed();
    }

    void IByteLinkOwner.Lost()
    {
        Free();
        TellClosed();
    }

    void IDeferred.Run()
    {
        _isFlushDue = false;
        Flush();
    }

    /// <summary>Half to one and a half of the set time, so that the clients of a lost node do not all come at once.</summary>
    [SuppressMessage("Security", "CA5394", Justification = "Spreads clients; nothing secret.")]
    private void Begin()
    {
        Loop.Scratch.Clear();
        SseBlock.Retry(Loop.Scratch, (_options.RetryMs / 2) + Random.Shared.Next(_options.RetryMs + 1));
        Queue(Loop.Log.Append(Loop.Scratch.WrittenSpan));
        Loop.Wheel.Set(_keepAlive, Loop.NowMs, _options.KeepAliveMs);
    }

    /// <summary>The blocks are other clients' too; only the line of the id is written for this one.</summary>
    private void SendWithOwnIds(FrameSlice rest, SseCursor cursor)
    {
        while (rest.Length > 0)
        {
            var block = rest with { Length = rest.Span.IndexOf("\n\n"u8) + 2 };
            rest = rest with { Start = rest.Start + block.Length, Length = rest.Length - block.Length };
            if (block.Span.StartsWith("id: "u8))
            {
                var line = block.Span.IndexOf((byte)'\n');
                cursor.MoveOn(block.Span["id: ".Length..line]);
                var own = Loop.Log.Reserve("id: ".Length + cursor.MaxLength);
                "id: "u8.CopyTo(own);
                Queue(Loop.Log.Commit("id: ".Length + cursor.Write(own["id: ".Length..])));
                block = block with { Start = block.Start + line, Length = block.Length - line };
            }

            Queue(block);
        }
    }

    private void Queue(in FrameSlice bytes)
    {
        _lastSentMs = Loop.NowMs;
        if (!_outbox.Add(bytes))
        {
            Overflow();
        }

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

        if (!_outbox.Flush())
        {
            Overflow();
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

        if (_link.HasSent)
        {
            Free();
            RunLater();
        }
    }

    private void Overflow()
    {
        _isOverflowed = true;
        _isCut |= _outbox.QueuedBytes <= _options.OutboxBytes;   // not the client's bound but the node's budget was full
        if (!_isOverflowTold)
        {
            RunLater();
        }
    }

    private void Free()
    {
        if (_stage == Stage.Gone)
        {
            return;
        }

        _stage = Stage.Gone;
        _link.Abort();
        _outbox.Dispose();
        Loop.Wheel.Cancel(_keepAlive);
        if (_closeTimer is not null)
        {
            Loop.Wheel.Cancel(_closeTimer);
        }
    }

    private void TellClosed()
    {
        if (_isClosedTold)
        {
            return;
        }

        _isClosedTold = true;
        try
        {
            _sink?.Closed(clean: false);
        }
#pragma warning disable CA1031 // The edge of a session: a bug in one closes it alone.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Loop.Report(_sink!, message: null, fault);
        }
    }

    private void KeepAlive()
    {
        var silent = Loop.NowMs - _lastSentMs;
        if (silent >= _options.KeepAliveMs)
        {
            Queue(new FrameSlice(Comment, 0, Comment.Length));
            silent = 0;
        }

        Loop.Wheel.Set(_keepAlive, Loop.NowMs, _options.KeepAliveMs - silent);
    }

    /// <summary>What the session asked for in a call of its own is told after that call.</summary>
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
        if (_stage != Stage.Open)
        {
            TellClosed();
        }
        else if (_isOverflowed && !_isOverflowTold)
        {
            _isOverflowTold = true;
            _sink?.Overflowed();
        }
    }

    private sealed class Later(EventStreamConnection connection) : IDeferred
    {
        public void Run() => connection.DoLater();
    }

    private sealed class KeepAliveTimer(EventStreamConnection connection) : WheelTimer
    {
        protected override void Fire() => connection.KeepAlive();
    }

    private sealed class CloseTimer(EventStreamConnection connection) : WheelTimer
    {
        protected override void Fire()
        {
            connection.Free();
            connection.TellClosed();
        }
    }
}
