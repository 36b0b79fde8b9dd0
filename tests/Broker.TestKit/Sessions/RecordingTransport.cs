using System.Net;
using System.Text;
using Broker.Actors.Loops;
using Broker.Actors.Sessions;

namespace Broker.TestKit.Sessions;

/// <summary>
/// A connection that goes nowhere: what the session sends runs through a real outbox, and what its client takes is kept
/// as lines. The client can stall, take a few bytes at a time, and go away.
/// </summary>
public sealed class RecordingTransport : ITransport, IByteSink, IDeferred, IDisposable
{
    private readonly Outbox _outbox;
    private readonly MemoryStream _line = new();
    private ITransportSink? _session;
    private bool _isDeferred;
    private bool _isGone;

    public RecordingTransport(Loop loop, IFraming framing, int bound, OutboxBudget budget)
    {
        Loop = loop;
        Framing = framing;
        _outbox = new Outbox(this, bound, budget);
    }

    public Loop Loop { get; }

    public IFraming Framing { get; }

    public ConnectionInfo Connection { get; } = new(new IPEndPoint(IPAddress.Loopback, 1), "/test", "", Origin: null);

    public string Way => "test";

    public long QueuedBytes => _outbox.QueuedBytes;

    public long LastHeardMs { get; private set; }

    /// <summary>Whole lines that the client took.</summary>
    public Recording Lines { get; } = new();

    /// <summary>Called with each line as it is taken, on the loop.</summary>
    public Action<string>? OnLine { get; set; }

    /// <summary>Called when the connection is gone, whoever closed it.</summary>
    public Action? OnGone { get; set; }

    /// <summary>False: lines are counted only.</summary>
    public bool KeepsLines { get; set; } = true;

    /// <summary>Bytes that the client took.</summary>
    public long TakenBytes { get; private set; }

    /// <summary>Bytes that the client's window takes until it is set anew; by default any number.</summary>
    public long Window { get; set; } = long.MaxValue;

    /// <summary>Why the broker closed the connection; null while it has not.</summary>
    public Disconnect? Reason { get; private set; }

    public bool IsGone => _isGone;

    public bool IsPaused { get; private set; }

    public int Pauses { get; private set; }

    public int Pings { get; private set; }

    /// <summary>Whether each ping is answered at once.</summary>
    public bool AnswersPings { get; set; }

    /// <summary>Gets the line <c>gone</c> when the connection is.</summary>
    public Recording Fate { get; } = new();

    /// <summary>Throws in the next send, as a bug in a transport might.</summary>
    public bool Throws { get; set; }

    public void Attach(ITransportSink session)
    {
        _session = session;
        LastHeardMs = Loop.NowMs;
    }

    // From the session

    public void Send(in FrameSlice frames)
    {
        if (Throws)
        {
            Throws = false;
            throw new InvalidOperationException("A transport with a bug.");
        }

        if (Reason is null && !_isGone)
        {
            if (!_outbox.Add(frames))
            {
                _session!.Overflowed();
            }

            FlushThisTick();
        }
    }

    public void Send(ReadOnlySpan<byte> payload, FrameKind kind)
    {
        var length = Framing.Frame(payload, kind, Loop.Log.Reserve(Framing.MaxSize(payload.Length)));
        Send(Loop.Log.Commit(length));
    }

    public void Ping()
    {
        Pings++;
        if (AnswersPings)
        {
            Pong();
        }
    }

    public void PauseReading()
    {
        IsPaused = true;
        Pauses++;
    }

    public void ResumeReading() => IsPaused = false;

    public void Close(Disconnect reason)
    {
        if (Reason is null)
        {
            Reason = reason;
            FlushThisTick();
        }
    }

    public void Abort() => Close(Disconnect.InternalError);

    // From the client, on the loop

    public void Say(string message)
    {
        LastHeardMs = Loop.NowMs;
        _session!.Received(Encoding.UTF8.GetBytes(message), FrameKind.Text);
    }

    /// <summary>A sign of life.</summary>
    public void Pong() => LastHeardMs = Loop.NowMs;

    /// <summary>The client takes what waits, and what comes.</summary>
    public void Unstall()
    {
        Window = long.MaxValue;
        FlushThisTick();
    }

    public void Leave(bool clean)
    {
        if (!_isGone)
        {
            _isGone = true;
            _outbox.Dispose();
            _session!.Closed(clean);
            Fate.Add("gone");
            OnGone?.Invoke();
        }
    }

    // From the outbox and the loop

    public long TrySend(ReadOnlySpan<FrameSlice> slices)
    {
        long taken = 0;
        foreach (ref readonly var slice in slices)
        {
            var length = (int)Math.Min(slice.Length, Window);
            Take(slice.Span[..length]);
            Window -= Window == long.MaxValue ? 0 : length;
            taken += length;
            if (length < slice.Length)
            {
                break;
            }
        }

        return taken;
    }

    public void Run()
    {
        _isDeferred = false;
        if (_isGone)
        {
            return;
        }

        if (!_outbox.Flush() && Reason is null)
        {
            _session!.Overflowed();
        }

        if (Reason is not null)
        {
            Leave(clean: false);
        }
    }

    public void Dispose()
    {
        _outbox.Dispose();
        _line.Dispose();
    }

    private void FlushThisTick()
    {
        if (!_isDeferred)
        {
            _isDeferred = true;
            Loop.Defer(LoopPhase.Flush, this);
        }
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        TakenBytes += bytes.Length;
        while (KeepsLines && !bytes.IsEmpty)
        {
            var end = bytes.IndexOf((byte)'\n');
            if (end < 0)
            {
                _line.Write(bytes);
                return;
            }

            _line.Write(bytes[..end]);
            var whole = Encoding.UTF8.GetString(_line.GetBuffer().AsSpan(0, (int)_line.Length));
            _line.SetLength(0);
            Lines.Add(whole);
            OnLine?.Invoke(whole);
            bytes = bytes[(end + 1)..];
        }
    }
}
