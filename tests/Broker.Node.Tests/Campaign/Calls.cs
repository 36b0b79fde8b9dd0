using System.Globalization;
using System.Text.Json;
using Broker.TestKit.WebSockets;

namespace Broker.Node.Tests.Campaign;

/// <summary>JSON-RPC as both dialects speak it.</summary>
internal static class Calls
{
    public static string Request(string method, string parameters, int id = 1) =>
        string.Create(CultureInfo.InvariantCulture, $$"""{"jsonrpc":"2.0","id":{{id}},"method":"{{method}}","params":{{parameters}}""") + "}";

    /// <summary>Calls where nothing but the answer can come next, which must be a result.</summary>
    public static async Task<JsonElement> CallAsync(this CrowdClient client, string method, string parameters, CancellationToken cancellationToken = default)
    {
        await client.SendAsync(Request(method, parameters), cancellationToken);
        var answer = await client.ReceiveAsync(cancellationToken);
        using var document = JsonDocument.Parse(answer);
        document.RootElement.TryGetProperty("result", out var result).ShouldBeTrue(answer);
        return result.Clone();
    }

    public static Task<JsonElement> SubscribeAsync(this CrowdClient client, string channel, CancellationToken cancellationToken = default) =>
        client.CallAsync("subscribe", $$"""{"channel":"{{channel}}"}""", cancellationToken);
}
