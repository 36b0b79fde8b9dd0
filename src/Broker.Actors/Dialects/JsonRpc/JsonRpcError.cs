namespace Broker.Actors.Dialects.JsonRpc;

/// <summary>Why a request failed, as its reply says it.</summary>
/// <param name="Message">Exactly as the protocol spells it.</param>
/// <param name="Detail">For people; null for none.</param>
/// <param name="Type">The kind of failure, in dialects that tell it.</param>
internal readonly record struct JsonRpcError(int Code, string Message, string? Detail = null, string? Type = null)
{
    public static JsonRpcError ParseError { get; } = new(-32700, "Parse error");

    public static JsonRpcError InvalidRequest { get; } = new(-32600, "Invalid Request");

    public static JsonRpcError MethodNotFound { get; } = new(-32601, "Method not found");

    public static JsonRpcError InvalidParams { get; } = new(-32602, "Invalid params");

    public static JsonRpcError ServerError { get; } = new(-32000, "Server error");
}
