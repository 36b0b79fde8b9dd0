namespace Broker.Cluster.RabbitMq;

/// <summary>What went wrong, for the log.</summary>
internal static class Failure
{
    /// <summary>The innermost reason: those around it only say that nothing could be reached.</summary>
    public static string Reason(Exception fault)
    {
        while (fault.InnerException is { } inner)
        {
            fault = inner;
        }

        return $"{fault.Message} ({fault.GetType().Name})";
    }
}
