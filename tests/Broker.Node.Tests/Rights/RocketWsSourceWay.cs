using System.Net.Http.Headers;
using System.Text.Json;

namespace Broker.Node.Tests.Rights;

/// <summary>RocketWS's message source, over HTTP, whose callers are backends.</summary>
public sealed class RocketWsSourceWay(RightsNode node) : Way(node)
{
    public override IReadOnlyList<Who> Whos { get; } = [Who.Backend];

    public override IReadOnlyList<Deed> Deeds { get; } = [Deed.Publish];

    public override async Task<bool> TryAsync(Who who, Deed deed, string channel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/rocketws")
        {
            Content = new StringContent($$$"""{"jsonrpc":"2.0","id":0,"method":"emit","params":{"channel":"{{{channel}}}","data":{} } }"""),
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", RightsNode.SourceToken) },
        };
        using var reply = await Rights.Node.Http.SendAsync(request);
        var answer = JsonDocument.Parse(await reply.EnsureSuccessStatusCode().Content.ReadAsStringAsync()).RootElement;
        if (answer.TryGetProperty("result", out _))
        {
            return true;
        }

        answer.GetProperty("error").GetProperty("data").GetProperty("message").GetString().ShouldBe("the channel does not allow it");
        return false;
    }
}
