namespace Broker.Actors.Dialects.JsonRpcWs;

/// <summary>The errors that the dialect itself answers calls with. They are texts: JSON-RPC 1.0 has no codes.</summary>
internal static class CallError
{
    public const string PrivateName = "method names cannot start with _";

    public const string InvalidParams = "invalid params";

    /// <summary>The method threw, or what it returned does not become JSON. The log says more.</summary>
    public const string Internal = "internal error";

    /// <summary>The method returns nothing, and so is for notifications only.</summary>
    public const string NoResult = "no result";

    /// <summary>The method took longer than <c>Broker:JsonRpc:CallTime</c>.</summary>
    public const string TimedOut = "the call took too long";

    public static string UnknownMethod(string name) => "unknown method: " + name;
}
