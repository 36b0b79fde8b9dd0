namespace Broker.Client.Http;

/// <summary>The HTTP API refused a request.</summary>
public sealed class BrokerProblemException : BrokerException
{
    internal BrokerProblemException(BrokerProblem problem, TimeSpan? retryAfter)
        : base(problem.ToString())
    {
        Problem = problem;
        RetryAfter = retryAfter;
    }

    /// <summary>What is wrong.</summary>
    public BrokerProblem Problem { get; }

    /// <summary>How long the broker asks to wait before the next attempt; null where it does not say.</summary>
    public TimeSpan? RetryAfter { get; }
}
