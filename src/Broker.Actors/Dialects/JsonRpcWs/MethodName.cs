using System.Reflection;
using System.Text.Json;

namespace Broker.Actors.Dialects.JsonRpcWs;

/// <summary>What a C# method is called on the wire.</summary>
internal static class MethodName
{
    private const string Async = nameof(Async);

    /// <summary>Names of the protocol that begin so are never callable.</summary>
    public const char Private = '_';

    /// <summary>
    /// The name of its <see cref="JsonRpcMethodAttribute"/>; else its own in snake_case, without the <c>Async</c> of a method that gives a task:
    /// <c>SetUsername</c> is <c>set_username</c>, <c>GetHTTPStatusAsync</c> is <c>get_http_status</c>.
    /// </summary>
    public static string Of(MethodInfo method) =>
        method.GetCustomAttribute<JsonRpcMethodAttribute>()?.Name ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(Bare(method));

    private static string Bare(MethodInfo method) =>
        method.Name.Length > Async.Length && method.Name.EndsWith(Async, StringComparison.Ordinal) && ReturnValue.IsTask(method.ReturnType)
            ? method.Name[..^Async.Length]
            : method.Name;
}
