using System.Net;
using Broker.TestKit.WebSockets;

namespace Broker.Node.Tests.Campaign;

/// <summary>Publishes one event after the other, and counts them by channel.</summary>
internal sealed class FloodPublisher : IDisposable
{
    private readonly CrowdClient _client;
    private readonly CancellationToken _cancellationToken;
    private readonly Dictionary<string, int> _published = [];

    private FloodPublisher(CrowdClient client, CancellationToken cancellationToken) => (_client, _cancellationToken) = (client, cancellationToken);

    public static async Task<FloodPublisher> OpenAsync(IPEndPoint node, CancellationToken cancellationToken) =>
        new(await CrowdClient.OpenAsync(node, "/rpc", cancellationToken: cancellationToken), cancellationToken);

    public int Published(string channel) => _published.GetValueOrDefault(channel);

    /// <summary>Returns when the node has answered, with what the event's message contains.</summary>
    public async Task<string> PublishAsync(string channel, string data)
    {
        var number = _published[channel] = Published(channel) + 1;
        await _client.CallAsync("publish", $$"""{"channel":"{{channel}}","event":"e{{number}}","data":"{{data}}"}""", _cancellationToken);
        return $"\"channel\":\"{channel}\",\"event\":\"e{number}\"";
    }

    public void Dispose() => _client.Dispose();
}
