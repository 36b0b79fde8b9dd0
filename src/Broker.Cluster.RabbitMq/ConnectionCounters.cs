using Broker.Actors;

namespace Broker.Cluster.RabbitMq;

/// <summary>What is counted of connections to RabbitMQ; read from any thread.</summary>
public abstract class ConnectionCounters
{
    private volatile bool _isConnected;
    private volatile bool _isBlocked;

    private protected ConnectionCounters()
    {
    }

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

    /// <summary>How often it was connected, the first time included.</summary>
    public Counter Connects { get; } = new();

    /// <summary>Attempts to connect, or to make what is to stand in RabbitMQ, that failed.</summary>
    public Counter FailedConnects { get; } = new();
}
