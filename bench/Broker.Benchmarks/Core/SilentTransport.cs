using System.Net;
using Broker.Actors.Loops;
using Broker.Actors.Sessions;

namespace Broker.Benchmarks.Core;

/// <summary>A connection whose socket takes everything: what is left is the broker's own work.</summary>
internal sealed class SilentTransport : ITransport, IByteSink, IDeferred
{
    private readonly Outbox _outbox;
    private bool _isDeferred;

    public SilentTransport(Loop loop, IFraming framing, OutboxBudget budget)
    {
        Loop = loop;
        Framing = framing;
        _outbox = new Outbox(this, 1 << 20, budget);
    }

    public Loop Loop { get; }

    public IFraming Framing { get; }

    public ConnectionInfo Connection { get; } = new(new IPEndPoint(IPAddress.Loopback, 1), "/", "", null);

    public string Way => "bench";

    public long QueuedBytes => _outbox.QueuedBytes;

    public long LastHeardMs => Loop.NowMs;

    public long Sends { get; private set; }

    public void Send(in FrameSlice frames)
    {
        _outbox.Add(frames);
        if (!_isDeferred)
        {
            _isDeferred = true;
            Loop.Defer(LoopPhase.Flush, this);
        }
    }

    public void Send(ReadOnlySpan<byte> payload, FrameKind kind)
    {
        var length = Framing.Frame(payload, kind, Loop.Log.Reserve(Framing.MaxSize(payload.Length)));
        Send(Loop.Log.Commit(length));
    }

    public long TrySend(ReadOnlySpan<FrameSlice> slices)
    {
        Sends++;
        long taken = 0;
        foreach (ref readonly var slice in slices)
        {
            taken += slice.Length;
        }

        return taken;
    }

    public void Run()
    {
        _isDeferred = false;
        _outbox.Flush();
    }

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
    }

    public void Abort()
    {
    }
}
