using System.Threading.Channels;
using Broker.Actors.Cluster;

namespace Broker.Cluster.RabbitMq;

/// <summary>What waits for one connection to take it, bounded in bytes. Filled from any thread, emptied by one task.</summary>
internal sealed class SendQueue(long maxBytes, RabbitMqCounters counters)
{
    /// <summary>What a message costs beside its bytes, so that empty ones have a bound too.</summary>
    private const int Overhead = 256;

    private readonly Channel<OutgoingBatch> _waiting = Channel.CreateUnbounded<OutgoingBatch>(new UnboundedChannelOptions { SingleReader = true });
    private long _bytes;

    /// <returns>False: full, or closed.</returns>
    public bool TryAdd(BusAddress? to, SendId id, bool confirm, ReadOnlyMemory<byte> bytes)
    {
        var cost = bytes.Length + Overhead;
        if (Interlocked.Add(ref _bytes, cost) > maxBytes)
        {
            Interlocked.Add(ref _bytes, -cost);
            return false;
        }

        counters.Wait(cost);
        var batch = OutgoingBatch.Copy(to, id, confirm, bytes);
        if (_waiting.Writer.TryWrite(batch))
        {
            return true;
        }

        Done(batch);
        return false;
    }

    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => _waiting.Reader.WaitToReadAsync(cancellationToken);

    /// <summary>Takes one out; it counts until <see cref="Done"/>, or until <see cref="Abandon"/> where its buffer is still read.</summary>
    public bool TryTake(out OutgoingBatch batch) => _waiting.Reader.TryRead(out batch);

    public void Done(OutgoingBatch batch)
    {
        Abandon(batch);
        batch.Return();
    }

    public void Abandon(OutgoingBatch batch)
    {
        var cost = batch.Length + Overhead;
        Interlocked.Add(ref _bytes, -cost);
        counters.Wait(-cost);
    }

    /// <summary>Takes nothing more; what is there can still be taken out.</summary>
    public void Close() => _waiting.Writer.TryComplete();

    /// <summary>Throws away what is there.</summary>
    public void Clear()
    {
        Close();
        while (TryTake(out var batch))
        {
            Done(batch);
        }
    }
}
