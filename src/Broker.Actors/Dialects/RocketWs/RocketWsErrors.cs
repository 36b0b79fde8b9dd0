using System.Net;
using Broker.Actors.Dialects.JsonRpc;
using Broker.Messages;

namespace Broker.Actors.Dialects.RocketWs;

/// <summary>The failures of RocketWS, by the names of the Python exceptions that they were.</summary>
internal static class RocketWsErrors
{
    private const string MethodError = "RPCMethodError";

    /// <summary>Releases before 0.2 said no more than the code.</summary>
    public static JsonRpcError InvalidParams(string problem, RocketWsVersion version) => version == RocketWsVersion.V01
        ? JsonRpcError.InvalidParams
        : JsonRpcError.InvalidParams with { Type = "TypeError", Detail = problem };

    public static JsonRpcError NotASubscriber(IPEndPoint client, string channel) => JsonRpcError.ServerError with
    {
        Type = MethodError,
        Detail = $"Client `[u'{client.Address}', {client.Port}]` is not a subscriber of the channel `{channel}`",
    };

    /// <summary>Data that is not an object.</summary>
    public static JsonRpcError NotADict(JsonValue data) => JsonRpcError.ServerError with
    {
        Type = "ValueError",
        Detail = "emit: passed data is not a dict-like: " + PythonText.Str(data.Raw),
    };

    /// <inheritdoc cref="NotADict"/>
    public static JsonRpcError NotADictForAll(JsonValue data) => JsonRpcError.ServerError with
    {
        Type = "ValueError",
        Detail = "notify_all: passed data is not dict-like: " + PythonText.Str(data.Raw),
    };

    public static JsonRpcError Of(Refusal refusal, RocketWsVersion version) => refusal == Refusal.InvalidChannel
        ? InvalidParams("the channel's name is too long", version)
        : JsonRpcError.ServerError with { Type = MethodError, Detail = Describe(refusal) };

    private static string Describe(Refusal refusal) => refusal switch
    {
        Refusal.Forbidden => "the channel does not allow it",
        Refusal.UnknownApp => "RocketWS is not served here: its app does not exist",
        Refusal.TooManySubscriptions => "the client is subscribed to as many channels as it may",
        Refusal.TooManyPublishes => "the client publishes faster than it may: nothing was done, try again after a second",
        Refusal.Unavailable => "unavailable: nothing was done, try again",
        Refusal.OutcomeUnknown => "outcome unknown: it may or may not have been done",
        _ => $"refused: {refusal}",
    };
}
