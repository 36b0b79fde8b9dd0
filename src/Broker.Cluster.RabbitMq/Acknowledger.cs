using RabbitMQ.Client;

namespace Broker.Cluster.RabbitMq;

/// <summary>Tells RabbitMQ what has been dealt with: many at a time while much comes, the rest a moment later.</summary>
internal sealed class Acknowledger(IChannel channel, int prefetch) : IDisposable
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(250);

    private readonly SemaphoreSlim _due = new(0);
    private readonly int _many = Math.Max(1, prefetch / 4);
    private ulong _handled;
    private ulong _acknowledged;
    private int _since;

    /// <summary>By the consumer alone, in order.</summary>
    public void Handled(ulong number)
    {
        Volatile.Write(ref _handled, number);
        if (++_since >= _many)
        {
            _since = 0;
            _due.Release();
        }
    }

    public async Task RunAsync(CancellationToken lost)
    {
        while (true)
        {
            await _due.WaitAsync(Moment, lost);
            var handled = Volatile.Read(ref _handled);
            if (handled > _acknowledged)
            {
                _acknowledged = handled;
                await channel.BasicAckAsync(handled, multiple: true, CancellationToken.None).AsTask().WaitAsync(lost);
            }
        }
    }

    public void Dispose() => _due.Dispose();
}
