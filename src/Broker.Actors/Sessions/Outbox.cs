using System.Runtime.InteropServices;
using Broker.Actors.Loops;

namespace Broker.Actors.Sessions;

/// <summary>
/// What waits for one client. During a tick it is a list of slices of the loop's log, and frames that touch only extend
/// the last one; at the tick's end they are sent, and what the socket did not take is copied into blocks of its own.
/// Holds nothing while the client keeps up. Not thread-safe: it lives on its connection's loop.
/// </summary>
public sealed class Outbox : IDisposable
{
    private const int PartsPerSend = 64;

    private readonly IByteSink _sink;
    private readonly OutboxBudget _budget;
    private readonly int _bound;
    private FrameSlice _first;
    private List<FrameSlice>? _more;
    private Backlog? _backlog;
    private long _sliceBytes;
    private bool _disposed;

    /// <param name="sink">Where the bytes go.</param>
    /// <param name="bound">Bytes that may wait for this client.</param>
    /// <param name="budget">Bytes that may wait for all clients of the node.</param>
    public Outbox(IByteSink sink, int bound, OutboxBudget budget)
    {
        _sink = sink;
        _bound = bound;
        _budget = budget;
    }

    public long QueuedBytes => _sliceBytes + (_backlog?.Bytes ?? 0);

    public bool IsEmpty => QueuedBytes == 0;

    /// <summary>Queues by reference; the bytes are valid until <see cref="Flush"/>, which is due before the tick ends.</summary>
    /// <returns>False when the client is over its bound and must be closed as slow.</returns>
    public bool Add(in FrameSlice frames)
    {
        if (_disposed)
        {
            return true;
        }

        if (_sliceBytes == 0)
        {
            _first = frames;
        }
        else if (_more is not { Count: > 0 })
        {
            if (_first.Touches(frames))
            {
                _first = _first with { Length = _first.Length + frames.Length };
            }
            else
            {
                (_more ??= new List<FrameSlice>(4)).Add(frames);
            }
        }
        else if (_more[^1] is var last && last.Touches(frames))
        {
            _more[^1] = last with { Length = last.Length + frames.Length };
        }
        else
        {
            _more.Add(frames);
        }

        _sliceBytes += frames.Length;
        return QueuedBytes <= _bound || Flush();
    }

    /// <summary>Sends what goes without waiting and copies the rest.</summary>
    /// <returns>False when what is left is over the client's bound, or over the node's budget.</returns>
    public bool Flush()
    {
        if (_disposed || !SendBacklog() || _sliceBytes == 0)
        {
            return KeepSlices(0);
        }

        long taken;
        if (_more is not { Count: > 0 })
        {
            taken = _sink.TrySend(new ReadOnlySpan<FrameSlice>(in _first));
        }
        else
        {
            _more.Insert(0, _first);
            taken = _sink.TrySend(CollectionsMarshal.AsSpan(_more));
            _more?.RemoveAt(0);   // null when the sink found the connection gone, and this was disposed
        }

        return KeepSlices(taken);
    }

    public void Dispose()
    {
        _disposed = true;
        _sliceBytes = 0;
        _more = null;
        if (_backlog is not null)
        {
            _budget.Return(_backlog.Bytes);
            _backlog.Clear();
            _backlog = null;
        }
    }

    /// <summary>True when nothing older waits any more.</summary>
    private bool SendBacklog()
    {
        if (_backlog is null)
        {
            return true;
        }

        while (_backlog.Bytes > 0)
        {
            var parts = _backlog.Parts;
            var offered = parts[..Math.Min(parts.Length, PartsPerSend)];
            var taken = _sink.TrySend(offered);
            if (_disposed)
            {
                return false;   // the sink found the connection gone
            }

            var isAll = taken == Length(offered);
            _backlog.Forget(taken);
            _budget.Return(taken);
            if (!isAll)
            {
                return false;
            }
        }

        _backlog.Clear();
        _backlog = null;
        return true;
    }

    private bool KeepSlices(long taken)
    {
        var left = _sliceBytes - taken;
        _sliceBytes = 0;
        var fits = true;
        if (left > 0 && !_disposed)
        {
            fits = _budget.TryTake(left);
            if (fits)
            {
                _backlog ??= new Backlog();
                Keep(_first, ref taken);
                foreach (var slice in _more ?? [])
                {
                    Keep(slice, ref taken);
                }
            }
        }

        _first = default;
        if (_more is { Capacity: > 64 })
        {
            _more = null;
        }

        _more?.Clear();
        return fits && (_backlog?.Bytes ?? 0) <= _bound;
    }

    private void Keep(in FrameSlice slice, ref long taken)
    {
        var skip = (int)Math.Min(taken, slice.Length);
        taken -= skip;
        _backlog!.Add(slice.Span[skip..]);
    }

    private static long Length(ReadOnlySpan<FrameSlice> slices)
    {
        long sum = 0;
        foreach (ref readonly var slice in slices)
        {
            sum += slice.Length;
        }

        return sum;
    }
}
