using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;

namespace Broker.TestKit.RocketWs;

/// <summary>A server of RocketWS that runs somewhere, over real sockets.</summary>
/// <param name="source">The message source's address; WebSockets connect to the same path.</param>
/// <param name="stop">Ends the server; null to leave it running.</param>
/// <param name="token">What the message source wants; null where it is open.</param>
public sealed class RocketWsOverSockets(Uri source, Func<ValueTask>? stop = null, string? token = null) : IRocketWsServer
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly HttpClient _http = new() { Timeout = Patience };
    private readonly List<Client> _clients = [];

    public async Task<IRocketWsClient> ConnectAsync()
    {
        var client = new Client();
        _clients.Add(client);
        await client.ConnectAsync(new UriBuilder(source) { Scheme = "ws" }.Uri);
        return client;
    }

    public async Task<RocketWsHttpAnswer> RequestAsync(string method, string path, string body)
    {
        var address = new UriBuilder(source) { Path = source.AbsolutePath.TrimEnd('/') + path.TrimEnd('/') };
        using var request = new HttpRequestMessage(new HttpMethod(method), address.Uri);
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        request.Content = method.Equals("GET", StringComparison.Ordinal) ? null : new StringContent(body);
        using var response = await _http.SendAsync(request);
        return new RocketWsHttpAnswer(
            (int)response.StatusCode, response.Content.Headers.ContentType?.ToString(), await response.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(client => client.Dispose());
        _http.Dispose();
        if (stop is not null)
        {
            await stop();
        }
    }

    private sealed class Client : IRocketWsClient, IDisposable
    {
        private readonly ClientWebSocket _socket = new();
        private readonly byte[] _buffer = new byte[64 * 1024];

        public async Task ConnectAsync(Uri address)
        {
            using var timeout = new CancellationTokenSource(Patience);
            await _socket.ConnectAsync(address, timeout.Token);
        }

        public async Task SendAsync(string text)
        {
            using var timeout = new CancellationTokenSource(Patience);
            await _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, timeout.Token);
        }

        public async Task<string> ReceiveAsync()
        {
            using var timeout = new CancellationTokenSource(Patience);
            var length = 0;
            ValueWebSocketReceiveResult part;
            do
            {
                part = await _socket.ReceiveAsync(_buffer.AsMemory(length), timeout.Token);
                part.MessageType.ShouldBe(WebSocketMessageType.Text, $"closed: {_socket.CloseStatusDescription}");
                length += part.Count;
            }
            while (!part.EndOfMessage);
            return Encoding.UTF8.GetString(_buffer, 0, length);
        }

        public async Task CloseAsync()
        {
            using var timeout = new CancellationTokenSource(Patience);
            await _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", timeout.Token);
        }

        public void Dispose() => _socket.Dispose();
    }
}
