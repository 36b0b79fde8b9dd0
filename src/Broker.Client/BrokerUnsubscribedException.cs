namespace Broker.Client;

/// <summary>The broker ended a subscription. A backend did (2000), its token expired (2501), or a newer token does not allow it (2502).</summary>
public sealed class BrokerUnsubscribedException : BrokerException
{
    internal BrokerUnsubscribedException(string channel, int code, string reason)
        : base($"The broker ended the subscription to {channel}: {code} {reason}")
    {
        Code = code;
        Reason = reason;
    }

    /// <summary>Why; go by this.</summary>
    public int Code { get; }

    /// <summary>Why, for people.</summary>
    public string Reason { get; }
}
