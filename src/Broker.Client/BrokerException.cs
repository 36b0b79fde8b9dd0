namespace Broker.Client;

/// <summary>Something went wrong between a client and its broker; what, its kind says.</summary>
public abstract class BrokerException : Exception
{
    private protected BrokerException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
