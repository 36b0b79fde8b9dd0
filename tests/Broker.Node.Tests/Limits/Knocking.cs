using Broker.Node.Tests.Connections;
using Broker.Node.Tests.Nodes;

namespace Broker.Node.Tests.Limits;

/// <summary>Handshakes that may be refused.</summary>
internal static class Knocking
{
    /// <summary>The HTTP status that a handshake is answered with, and when to come again where that is said; a session ends at once.</summary>
    public static async Task<(int Status, string? RetryAfter)> KnockAsync(this BrokerNode node, WayIn way, string path = "/rpc")
    {
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

            answer.ShouldBe(101);
        }
    }

    private static Uri Address(BrokerNode node, WayIn way, string path) => way == WayIn.Tls
        ? new Uri($"wss://127.0.0.1:{new Uri(node.Addresses.Single(address => address.StartsWith("https", StringComparison.Ordinal))).Port}{path}")
        : node.Socket(path);
}
