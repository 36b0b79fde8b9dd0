using System.Text.Json;
using Broker.Actors.Dialects.JsonRpcWs;
using Broker.Messages;

namespace Broker.Samples.Channels;

/// <summary>
/// The broker's channels for clients of JSON-RPC 1.0: what they publish reaches subscribers of every dialect, on every node, and what others publish reaches them as
/// the notification <c>event(channel, name, data)</c>. A refusal is an error by its name, such as <c>"Forbidden"</c>.
/// </summary>
public sealed class ChannelsService : JsonRpcService
{
    /// <summary>Answers with the offset that the subscription begins behind.</summary>
    public async Task<JsonRpcResult> SubscribeAsync(string channel)
    {
        var subscribed = await Channels.SubscribeAsync(channel);
        return Answer(subscribed.Refusal, subscribed.Position.Offset);
    }

    /// <summary>Answers true, also where there was no subscription.</summary>
    public async Task<bool> UnsubscribeAsync(string channel)
    {
        await Channels.UnsubscribeAsync(channel);
        return true;
    }

    /// <summary>Answers with the number of subscribers that it goes to.</summary>
    public async Task<JsonRpcResult> PublishAsync(string channel, JsonElement data, string? name = null)
    {
        var published = await Channels.PublishAsync(channel, name, data);
        return Answer(published.Refusal, published.Receivers);
    }

    private static JsonRpcResult Answer(Refusal refusal, long result) =>
        refusal == Refusal.None ? JsonRpcResult.Of(result) : JsonRpcResult.Error(refusal.ToString());
}
