namespace Broker.Client;

/// <summary>The broker refused a request.</summary>
public sealed class BrokerRefusedException : BrokerException
{
    internal BrokerRefusedException(BrokerErrorCode code, string message, string? detail)
        : base(detail is null ? message : $"{message}: {detail}")
    {
        Code = code;
        Detail = detail;
    }

    /// <summary>Why; go by this.</summary>
    public BrokerErrorCode Code { get; }

    /// <summary>What is wrong this time, for people; null where the broker does not say.</summary>
    public string? Detail { get; }
}
