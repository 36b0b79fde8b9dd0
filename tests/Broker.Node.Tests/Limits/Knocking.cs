using Broker.Node.Tests.Connections;
using Broker.Node.Tests.Nodes;

namespace Broker.Node.Tests.Limits;

/// <summary>Handshakes, and requests for event streams, that may be refused.</summary>
internal static class Knocking
{
    /// <summary>The HTTP status that a handshake is answered with, and when to come again where that is said; a session ends at once.</summary>
    /// <param name="path">Where WebSockets are asked for.</param>
    public static async Task<(int Status, string? RetryAfter)> KnockAsync(this BrokerNode node, WayIn way, string path = "/rpc")
    {
        if (way == WayIn.Stream)
        {
            using var stream = await SseClient.OpenAsync(node, "channels=c");
            return ((int)stream.Response.StatusCode, stream.Response.Headers.RetryAfter?.ToString());
        }

        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == "CN=localhost";
        try
        {
            await socket.ConnectAsync(Address(node, way, path), timeout.Token);
        }
        catch (WebSocketException)
        {
            // The status says why.
        }

        var retry = socket.HttpResponseHeaders is { } headers && headers.TryGetValue("Retry-After", out var values) ? values.Single() : null;
        return ((int)socket.HttpStatusCode, retry);
    }

    /// <summary>The status of a handshake that is not refused.</summary>
    public static int Taken(WayIn way) => way == WayIn.Stream ? 200 : 101;

    /// <summary>Comes in and stays until that is disposed of; null when it is refused.</summary>
    public static async Task<IAsyncDisposable?> EnterAsync(this BrokerNode node, WayIn way)
    {
        if (way == WayIn.Stream)
        {
            var stream = await SseClient.OpenAsync(node, "channels=c");
            return stream.Response.IsSuccessStatusCode ? stream : null;
        }

        try
        {
            return await node.ConnectAsync(way, "/rpc");
        }
        catch (WebSocketException)
        {
            return null;
        }
    }

    /// <summary>Knocks until a handshake is refused with this status.</summary>
    public static async Task<string?> KnockUntilAsync(this BrokerNode node, WayIn way, int status)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            patience.IsCancellationRequested.ShouldBeFalse($"No handshake was answered with {status}.");
            var (answer, retryAfter) = await KnockAsync(node, way);
            if (answer == status)
            {
                return retryAfter;
            }

            answer.ShouldBe(Taken(way));
        }
    }

    private static Uri Address(BrokerNode node, WayIn way, string path) => way == WayIn.Tls
        ? new Uri($"wss://127.0.0.1:{new Uri(node.Addresses.Single(address => address.StartsWith("https", StringComparison.Ordinal))).Port}{path}")
        : node.Socket(path);
}
