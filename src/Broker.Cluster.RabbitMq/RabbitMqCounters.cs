using Broker.Actors;

namespace Broker.Cluster.RabbitMq;

/// <summary>What a bus counts since it was made; read from any thread.</summary>
public sealed class RabbitMqCounters
{
    private volatile bool _isConnected;
    private volatile bool _isBlocked;
    private long _waitingBytes;

    public bool IsConnected
    {
        get => _isConnected;
        internal set => _isConnected = value;
    }

    /// <summary>True: RabbitMQ is short of memory or disk space and takes nothing.</summary>
    public bool IsBlocked
    {
        get => _isBlocked;
        internal set => _isBlocked = value;
    }

    /// <summary>Bytes that wait in this node for RabbitMQ to take them.</summary>
    public long WaitingBytes => Volatile.Read(ref _waitingBytes);

    /// <summary>How often the bus was connected, the first time included.</summary>
    public Counter Connects { get; } = new();

    /// <summary>Attempts to connect that failed.</summary>
    public Counter FailedConnects { get; } = new();

    public Counter MessagesSent { get; } = new();

    public Counter BytesSent { get; } = new();

    public Counter MessagesReceived { get; } = new();

    public Counter BytesReceived { get; } = new();

    /// <summary>Sends that were not taken: not connected, or too much waited.</summary>
    public Counter Refused { get; } = new();

    /// <summary>Messages that came back: their address is gone.</summary>
    public Counter Returned { get; } = new();

    /// <summary>Messages that RabbitMQ did not take, of those that asked: the queue was full.</summary>
    public Counter Rejected { get; } = new();

    internal void Wait(long bytes) => Interlocked.Add(ref _waitingBytes, bytes);
}
