using System.Text.Json;

namespace Broker.Actors.Dialects.JsonRpcWs;

/// <summary>A request to the client whose answer somebody awaits. What follows it never runs on the loop.</summary>
/// <param name="id">As the client gives it back.</param>
internal sealed class PendingRequest(JsonElement id) : TaskCompletionSource<JsonRpcAnswer>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public JsonElement Id { get; } = id;
}
