using System.Net;
using System.Text;
using System.Text.Json;

namespace Broker.Node.Tests.Nodes;

/// <summary>Calls the HTTP API.</summary>
public static class ApiClient
{
    /// <summary>POSTs a body; the answer's body too when it is a problem.</summary>
    public static async Task<(HttpStatusCode Status, JsonElement Body)> ApiAsync(
        this BrokerNode node, string method, string body, params (string Name, string Value)[] headers)
    {
        using var reply = await node.SendApiAsync(method, body, headers);
        return (reply.StatusCode, JsonDocument.Parse(await reply.Content.ReadAsStringAsync()).RootElement);
    }

    public static async Task<HttpResponseMessage> SendApiAsync(
        this BrokerNode node, string method, string body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/{method}") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        }

        return await node.Http.SendAsync(request);
    }

    /// <summary>Publishes a number, and expects that it goes well.</summary>
    public static async Task PublishAsync(this BrokerNode node, string channel, int data)
    {
        var (status, _) = await node.ApiAsync("publish", $$"""{"channel":"{{channel}}","event":"n","data":{{data}}}""");
        status.ShouldBe(HttpStatusCode.OK);
    }
}
