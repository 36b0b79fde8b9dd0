namespace Broker.Client;

/// <summary>The client does not come back: the broker said so, or the client was disposed.</summary>
public sealed class BrokerClosedException : BrokerException
{
    internal BrokerClosedException(ConnectionEnd end, bool mayHaveBeenDone)
        : base(end.Cause is null ? $"The client is closed: {end.Code} {end.Reason}" : $"The client is closed: {end.Cause.Message}", end.Cause)
    {
        End = end;
        MayHaveBeenDone = mayHaveBeenDone;
    }

    /// <summary>What the last connection ended by. Its code is 1000 when the client was disposed.</summary>
    public ConnectionEnd End { get; }

    /// <summary>True when the request had been sent, so that it may have been carried out.</summary>
    public bool MayHaveBeenDone { get; }
}
