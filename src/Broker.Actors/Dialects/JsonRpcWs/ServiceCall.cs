using System.Text.Json;
using Broker.Actors.Dialects.JsonRpc;

namespace Broker.Actors.Dialects.JsonRpcWs;

/// <summary>A call of the client, copied from its text, on its way to the thread that runs it.</summary>
/// <param name="Method">Not empty.</param>
/// <param name="Id">As it came; empty for a notification.</param>
/// <param name="Params">As they came; empty where there are none.</param>
/// <param name="AreArray">Whether they can be right: an array, or none.</param>
/// <param name="Bytes">Those of the whole message.</param>
internal sealed record ServiceCall(string Method, byte[] Id, byte[] Params, bool AreArray, int Bytes)
{
    public bool IsRequest => Id.Length > 0;

    /// <summary>Null where the method's name is no Unicode text: half a surrogate pair.</summary>
    public static ServiceCall? Of(in JsonRpcWsMessage message, int bytes) => JsonText.TryGetString(message.Method, out var method)
        ? new ServiceCall(method, message.Id.ToArray(), message.Params.ToArray(), message.ParamsKind is JsonTokenType.None or JsonTokenType.StartArray, bytes)
        : null;

    /// <summary>The params as an array.</summary>
    public JsonElement Positional() => ServiceJson.Parse(Params.Length == 0 ? "[]"u8 : Params);
}
