namespace Broker.Actors.Dialects.JsonRpcWs;

/// <summary>How a request to a client is made.</summary>
public sealed record RequestOptions
{
    public static RequestOptions Default { get; } = new();

    /// <summary>How long the answer may take; null for <c>Broker:JsonRpc:AnswerTime</c>.</summary>
    public TimeSpan? Within { get; init; }

    /// <summary>An id of one's own, any value that becomes JSON but null; null for the connection's next number. It does not move the numbers.</summary>
    public object? Id { get; init; }
}
