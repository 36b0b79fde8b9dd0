namespace Broker.Client;

/// <summary>A time limit passed. Its inner exception says what stood in the way, where that is known.</summary>
public sealed class BrokerTimeoutException : BrokerException
{
    internal BrokerTimeoutException(string message, bool mayHaveBeenDone, Exception? inner = null)
        : base(message, inner) => MayHaveBeenDone = mayHaveBeenDone;

    /// <summary>True when the request was sent, so that it may have been carried out; false when it was not carried out and will not be.</summary>
    public bool MayHaveBeenDone { get; }
}
