namespace Broker.Actors.Dialects.JsonRpcWs;

/// <summary>What one connection of a service may do, as values; the settings of <c>Broker:JsonRpc</c> and <c>Broker:Limits</c>.</summary>
public sealed record JsonRpcWsOptions
{
    /// <summary>Requests to a client that may wait for their answers; one more throws the oldest away.</summary>
    public int Callbacks { get; init; } = 32;

    /// <summary>Whether a call that fails closes the connection without an answer, as the original did.</summary>
    public bool CloseOnCallError { get; init; }

    /// <summary>How long a method may take.</summary>
    public TimeSpan CallTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a client may take for an answer, where the service does not say.</summary>
    public TimeSpan AnswerTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Calls of a client that may wait behind the one that runs, before nothing more is read.</summary>
    public int QueuedCalls { get; init; } = 64;

    /// <summary>Bytes that they may have, all together, before nothing more is read; one more message may come.</summary>
    public int QueuedBytes { get; init; } = 256 * 1024;

    /// <summary>Bytes of what a service sends that may wait for the connection's loop.</summary>
    public int OutboxBytes { get; init; } = 1 << 20;

    /// <summary>Levels of objects and arrays in a message.</summary>
    public int JsonDepth { get; init; } = 64;
}
