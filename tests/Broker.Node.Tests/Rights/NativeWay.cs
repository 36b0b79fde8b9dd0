using System.Text.Json;
using System.Text.Json.Nodes;
using Broker.Node.Tests.Nodes;

namespace Broker.Node.Tests.Rights;

/// <summary>The native dialect, over a WebSocket.</summary>
public sealed class NativeWay(RightsNode node) : Way(node)
{
    public override IReadOnlyList<Who> Whos { get; } = [.. Enum.GetValues<Who>().Except([Who.Backend, Who.NotAuthenticated, Who.Reader, Who.Writer, Who.ReaderAndWriter])];

    public override IReadOnlyList<Deed> Deeds { get; } = Enum.GetValues<Deed>();

    public override async Task<bool> TryAsync(Who who, Deed deed, string channel)
    {
        await using var client = await WebSocketClient.ConnectAsync(Rights.Node.Socket("/rpc"));
        if (ConnectionToken(who, channel) is { } token)
        {
            (await client.CallAsync("connect", $$"""{"token":"{{token}}"}""")).TryGetProperty("result", out _).ShouldBeTrue();
        }

        var parameters = new JsonObject { ["channel"] = channel };
        if (ChannelToken(who, channel) is { } proof)
        {
            parameters["token"] = proof;
        }

        var answer = deed switch
        {
            Deed.Subscribe => await client.CallAsync("subscribe", parameters.ToJsonString()),
            Deed.Join => await client.CallAsync("subscribe", With(parameters, "presence", new JsonObject())),
            Deed.Publish => await client.CallAsync("publish", With(With(parameters, "event", "e"), "data", 1)),
            Deed.ReadHistory => await client.CallAsync("history", parameters.ToJsonString()),
            _ => await client.CallAsync("presence", parameters.ToJsonString()),
        };
        return IsDone(answer, who);
    }

    private static string With(JsonObject parameters, string name, JsonNode value)
    {
        parameters[name] = value;
        return parameters.ToJsonString();
    }

    private static string With(string parameters, string name, JsonNode value) => With(JsonNode.Parse(parameters)!.AsObject(), name, value);

    private static bool IsDone(JsonElement answer, Who who)
    {
        if (answer.TryGetProperty("result", out _))
        {
            return true;
        }

        answer.GetProperty("error").GetProperty("code").GetInt32().ShouldBeOneOf(who switch
        {
            Who.UserWithTokenForAnother or Who.UserWithTokenOfAnother => [-32009],
            Who.Anonymous or Who.AnonymousWithToken => [-32003, -32005],   // nobody in particular cannot be present
            _ => [-32003],
        });
        return false;
    }

    private static string? ConnectionToken(Who who, string channel) => who switch
    {
        Who.Anonymous or Who.AnonymousWithToken => null,
        Who.UserWithGrant => RightsNode.Token($"\"sub\":\"ann\",\"channels\":[\"x\",\"{channel}\"]"),
        Who.UserWithGrantForAnother => RightsNode.Token($"\"sub\":\"ann\",\"channels\":[\"x\",\"{channel}x\",\"{channel}?\",\"\"]"),
        _ => RightsNode.Token("\"sub\":\"ann\""),
    };

    private static string? ChannelToken(Who who, string channel) => who switch
    {
        Who.AnonymousWithToken => RightsNode.Token($"\"channel\":\"{channel}\""),
        Who.UserWithToken => RightsNode.Token($"\"channel\":\"{channel}\",\"sub\":\"ann\""),
        Who.UserWithTokenForAnother => RightsNode.Token($"\"channel\":\"{channel}x\",\"sub\":\"ann\""),
        Who.UserWithTokenOfAnother => RightsNode.Token($"\"channel\":\"{channel}\",\"sub\":\"bob\""),
        _ => null,
    };
}
