using System.Buffers.Binary;
using System.Diagnostics;
using Broker.Actors.Cluster;

namespace Broker.BusBenchmarks;

/// <summary>Notes how long each item took that begins with the time at which it was sent.</summary>
internal sealed class MeasuringSink : IBusSink
{
    private readonly TaskCompletionSource<BusAddress> _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource<long[]> _done = new();
    private long[] _times = [];
    private int _count;
    private volatile InvalidOperationException? _failure;

#pragma warning disable VSTHRD003 // Completed by the bus's own thread, which waits for nobody.
    public Task<BusAddress> ConnectedAsync() => _connected.Task;

    public Task<long[]> TimesAsync() => _done.Task;
#pragma warning restore VSTHRD003

    public void Expect(int items)
    {
        _done = new TaskCompletionSource<long[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        _count = 0;
        _times = new long[items];
    }

    /// <exception cref="InvalidOperationException">What was sent may not come any more.</exception>
    public void ThrowIfFailed()
    {
        if (_failure is { } failure)
        {
            throw failure;
        }
    }

    public void Connected(BusAddress self) => _connected.TrySetResult(self);

    public void Disconnected() => Fail("The connection was lost: measure again.");

    public void Received(ReadOnlyMemory<byte> batch)
    {
        var now = Stopwatch.GetTimestamp();
        for (var at = 0; at < batch.Length && _count < _times.Length; at += BusPair.ItemBytes)
        {
            _times[_count++] = now - BinaryPrimitives.ReadInt64LittleEndian(batch.Span[at..]);
        }

        if (_count == _times.Length)
        {
            _done.TrySetResult(_times);
        }
    }

    public void NewsReceived(ReadOnlyMemory<byte> news)
    {
    }

    public void Returned(BusAddress to, SendId id) => Fail("The other node is gone: measure again.");

    public void Confirmed(SendId id, bool accepted)
    {
    }

    /// <summary>Not thrown here: a bus outlives what its node throws.</summary>
    private void Fail(string why)
    {
        _failure = new InvalidOperationException(why);
        _done.TrySetException(_failure);
    }
}
