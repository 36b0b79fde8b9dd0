using Broker.Actors;

namespace Broker.Cluster.RabbitMq;

/// <summary>What a bus counts since it was made; read from any thread.</summary>
public sealed class RabbitMqCounters : ConnectionCounters
{
    private long _waitingBytes;

    /// <summary>Bytes that wait in this node for RabbitMQ to take them.</summary>
    public long WaitingBytes => Volatile.Read(ref _waitingBytes);

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
