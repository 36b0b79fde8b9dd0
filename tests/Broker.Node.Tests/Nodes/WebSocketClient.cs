using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Broker.Node.Tests.Nodes;

/// <summary>A WebSocket client that speaks JSON-RPC and never waits for ever.</summary>
public sealed class WebSocketClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ClientWebSocket _socket = new();
    private readonly Queue<JsonElement> _others = new();
    private readonly byte[] _buffer = new byte[1 << 20];
    private int _lastId;

    public WebSocketCloseStatus? CloseStatus => _socket.CloseStatus;

    public string? CloseReason => _socket.CloseStatusDescription;

    public string? Subprotocol => _socket.SubProtocol;

    /// <summary>Messages that came while a reply was waited for, and that nobody has taken.</summary>
    public int Waiting => _others.Count;

    public static async Task<WebSocketClient> ConnectAsync(Uri url, Action<ClientWebSocketOptions>? configure = null, HttpMessageInvoker? through = null)
    {
        var client = new WebSocketClient();
        configure?.Invoke(client._socket.Options);
        using var timeout = new CancellationTokenSource(Patience);
        await client._socket.ConnectAsync(url, through, timeout.Token);
        return client;
    }

    public async Task SendAsync(string text)
    {
        using var timeout = new CancellationTokenSource(Patience);
        await _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, timeout.Token);
    }

    /// <summary>The next message as text; null when the node has closed.</summary>
    public async Task<string?> ReceiveTextAsync()
    {
        using var timeout = new CancellationTokenSource(Patience);
        var length = 0;
        while (true)
        {
            var result = await _socket.ReceiveAsync(_buffer.AsMemory(length), timeout.Token);
            if (result.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            length += result.Count;
            if (result.EndOfMessage)
            {
                return Encoding.UTF8.GetString(_buffer, 0, length);
            }
        }
    }

    /// <summary>The next message that is no reply to a call.</summary>
    public async Task<JsonElement> ReceiveAsync()
    {
        return _others.TryDequeue(out var waiting) ? waiting : await ReadAsync();
    }

    /// <summary>Calls a method; returns the whole reply.</summary>
    public async Task<JsonElement> CallAsync(string method, string parameters = "{}")
    {
        var id = ++_lastId;
        await SendAsync(string.Create(CultureInfo.InvariantCulture, $$"""{"jsonrpc":"2.0","id":{{id}},"method":"{{method}}","params":{{parameters}}}"""));
        while (true)
        {
            var message = await ReadAsync();
            if (message.TryGetProperty("id", out var replyTo) && replyTo.ValueKind == JsonValueKind.Number && replyTo.GetInt32() == id)
            {
                return message;
            }

            _others.Enqueue(message);
        }
    }

    /// <summary>Waits for the node's close frame and answers it.</summary>
    public async Task WaitForCloseAsync()
    {
        while (await ReceiveTextAsync() is not null)
        {
        }

        await CloseAsync();
    }

    public async Task CloseAsync()
    {
        using var timeout = new CancellationTokenSource(Patience);
        if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
        {
            await _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", timeout.Token);
        }
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<JsonElement> ReadAsync()
    {
        var text = await ReceiveTextAsync() ?? throw new InvalidOperationException($"Closed with {CloseStatus}: {CloseReason}");
        return JsonDocument.Parse(text).RootElement;
    }
}
