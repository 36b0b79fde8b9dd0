using System.Globalization;
using System.Net.WebSockets;

namespace Broker.Client.Connections;

/// <summary>Opens WebSockets of the framework's own.</summary>
internal sealed class WebSocketConnector(BrokerClientOptions options) : IConnector
{
    public async Task<ISocket> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = new ClientWebSocket();
        try
        {
            socket.Options.KeepAliveInterval = options.KeepAliveInterval;
            socket.Options.KeepAliveTimeout = options.KeepAliveTimeout;
            options.ConfigureSocket?.Invoke(socket.Options);
            socket.Options.CollectHttpResponseDetails = true;
            await socket.ConnectAsync(options.Url, cancellationToken).ConfigureAwait(false);
            return new WebSocketSocket(socket, options.MessageBytes);
        }
        catch (WebSocketException refused) when ((int)socket.HttpStatusCode is not (0 or 101))
        {
            var failure = new HandshakeRefusedException((int)socket.HttpStatusCode, RetryAfter(socket), refused);
            socket.Dispose();
            throw failure;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static TimeSpan RetryAfter(ClientWebSocket socket)
    {
        var values = socket.HttpResponseHeaders?.FirstOrDefault(header => header.Key.Equals("Retry-After", StringComparison.OrdinalIgnoreCase)).Value;
        return int.TryParse(values?.FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(Math.Min(seconds, 86_400))
            : TimeSpan.Zero;
    }
}
