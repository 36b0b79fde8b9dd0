namespace Broker.Actors.Dialects.JsonRpc;

/// <summary>One request as it stands in its text: nothing is copied, nothing is built.</summary>
internal ref struct JsonRpcRequest
{
    /// <summary>True when the member <c>jsonrpc</c> was there; without it the request is one of JSON-RPC 1.0.</summary>
    public bool HasVersion { get; set; }

    /// <summary>True when that member is exactly <c>"2.0"</c>.</summary>
    public bool IsVersion2 { get; set; }

    /// <summary>What stands between the method's quotes.</summary>
    public ReadOnlySpan<byte> Method { get; set; }

    /// <summary>The id as it came, quotes too; empty for a notification.</summary>
    public ReadOnlySpan<byte> Id { get; set; }

    public readonly bool IsNotification => Id.IsEmpty;

    /// <summary>True when parameters came, even none of them.</summary>
    public bool HasParams { get; set; }

    public JsonRpcParams Params;

    public readonly bool Is(ReadOnlySpan<byte> method) => JsonText.Equals(Method, method);
}
