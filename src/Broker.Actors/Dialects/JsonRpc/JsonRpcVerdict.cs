namespace Broker.Actors.Dialects.JsonRpc;

/// <summary>What a text turned out to be.</summary>
internal enum JsonRpcVerdict
{
    /// <summary>Not one complete JSON value, or one that is too deep.</summary>
    Unparsable,

    /// <summary>JSON, but not a request.</summary>
    Invalid,

    /// <summary>One request or notification.</summary>
    Request,

    /// <summary>An array; what it holds is not looked at yet.</summary>
    Batch,
}
