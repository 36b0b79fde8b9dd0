namespace Broker.Actors.Dialects.JsonRpcWs;

/// <summary>Why a request to a client has no answer.</summary>
public enum NoAnswer
{
    /// <summary>It has one.</summary>
    None,

    /// <summary>The connection ended before, or is about to.</summary>
    ConnectionClosed,

    /// <summary>The time that it may take was over.</summary>
    TimedOut,

    /// <summary>It was the oldest of as many as may wait, <c>Broker:JsonRpc:Callbacks</c>, when one more was made.</summary>
    TooMany,
}
