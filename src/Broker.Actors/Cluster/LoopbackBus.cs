namespace Broker.Actors.Cluster;

/// <summary>
/// A node's bus to others in the same process, or to itself alone. Its queue belongs to the exchange and is touched under
/// the exchange's lock; calls to the node come one at a time from the thread pool, or from <see cref="LoopbackExchange.Pump"/>.
/// </summary>
public sealed class LoopbackBus : INodeBus
{
    private readonly LoopbackExchange _exchange;
    private readonly bool _isPumped;
    private readonly Queue<LoopbackCall> _waiting = [];
    private IBusSink? _sink;
    private int _pumping;

    internal LoopbackBus(LoopbackExchange exchange, bool isPumped)
    {
        _exchange = exchange;
        _isPumped = isPumped;
    }

    /// <summary>A bus that reaches its own node only.</summary>
    public static LoopbackBus Alone(TimeProvider time) => new LoopbackExchange(time).CreateBus();

    internal BusAddress? Address { get; set; }

    internal long WaitingBytes { get; private set; }

    public void Start(IBusSink sink)
    {
        _sink = sink;
        _exchange.Connect(this);
    }

    public bool TrySend(BusAddress to, SendId id, ReadOnlyMemory<byte> batch, bool confirm = false) =>
        _exchange.TrySend(this, to, id, batch, confirm);

    public bool TryNews(ReadOnlyMemory<byte> news) => _exchange.TryNews(this, news);

    /// <summary>Ends the bus without a word to anybody, as a killed process does.</summary>
    public ValueTask DisposeAsync()
    {
        _exchange.Remove(this);
        return ValueTask.CompletedTask;
    }

    internal void Put(LoopbackCall call)
    {
        _waiting.Enqueue(call);
        WaitingBytes += call.Size;
    }

    /// <summary>What waited at an address is gone with it.</summary>
    internal void Clear()
    {
        _waiting.Clear();
        WaitingBytes = 0;
    }

    internal LoopbackCall? TakeOne()
    {
        while (_waiting.TryDequeue(out var call))
        {
            WaitingBytes -= call.Size;
            if (call.To is null || call.To == Address)
            {
                return call;
            }
        }

        return null;
    }

    internal void Wake()
    {
        if (!_isPumped)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static bus => bus.PumpAlone(), this, preferLocal: false);
        }
    }

    internal bool Pump()
    {
        var worked = false;
        while (_sink is not null && _exchange.Take(this) is { } call)
        {
            call.Tell(_sink);
            worked = true;
        }

        return worked;
    }

    private void PumpAlone()
    {
        // Whoever comes while another pumps asks for one more round, and goes.
        if (Interlocked.Increment(ref _pumping) > 1)
        {
            return;
        }

        int seen;
        do
        {
            seen = Volatile.Read(ref _pumping);
            Pump();
        }
        while (Interlocked.Add(ref _pumping, -seen) > 0);
    }
}
