using Broker.Node.Tests.Nodes;

namespace Broker.Node.Tests.Rights;

/// <summary>RocketWS over a WebSocket, whose clients cannot say who they are.</summary>
public sealed class RocketWsWay(RightsNode node) : Way(node)
{
    public override IReadOnlyList<Who> Whos { get; } = [Who.Anonymous];

    public override IReadOnlyList<Deed> Deeds { get; } = [Deed.Subscribe, Deed.Publish];

    public override async Task<bool> TryAsync(Who who, Deed deed, string channel)
    {
        await using var client = await WebSocketClient.ConnectAsync(Rights.Node.Socket("/rocketws"));
        var answer = await client.CallAsync("subscribe", $$"""{"channel":"{{channel}}"}""");
        if (deed == Deed.Publish)
        {
            // Only subscribers may.
            answer.TryGetProperty("result", out _).ShouldBeTrue();
            answer = await client.CallAsync("send_data", $$$"""{"channel":"{{{channel}}}","data":{}}""");
        }

        if (answer.TryGetProperty("result", out _))
        {
            return true;
        }

        answer.GetProperty("error").GetProperty("data").GetProperty("message").GetString().ShouldBe("the channel does not allow it");
        return false;
    }
}
