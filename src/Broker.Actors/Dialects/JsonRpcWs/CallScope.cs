using System.Text.Json;

namespace Broker.Actors.Dialects.JsonRpcWs;

/// <summary>The call that the running code belongs to, through all that it awaits.</summary>
internal sealed class CallScope(JsonRpcService service, JsonElement? id)
{
    private static readonly AsyncLocal<CallScope?> Current = new();

    /// <summary>The id of the request that a service runs; null where the running code belongs to none of its requests.</summary>
    public static JsonElement? IdOf(JsonRpcService service) => Current.Value is { } scope && scope.IsOf(service) ? scope.Id : null;

    /// <summary>Holds to the end of the caller's own async method.</summary>
    public static void Enter(JsonRpcService service, JsonElement? id) => Current.Value = new CallScope(service, id);

    private JsonElement? Id => id;

    private bool IsOf(JsonRpcService other) => ReferenceEquals(service, other);
}
