namespace Broker.Actors.Dialects.JsonRpcWs;

/// <summary>What a text turned out to be.</summary>
internal enum JsonRpcWsVerdict
{
    /// <summary>Not one complete JSON value, or one that is too deep.</summary>
    Unparsable,

    /// <summary>JSON, but no message.</summary>
    Invalid,

    /// <summary>A request, or a notification where it has no id.</summary>
    Call,

    /// <summary>The answer to a request of ours.</summary>
    Response,
}
