namespace Broker.Node.Tests.Campaign;

/// <summary>Sends large messages to an echo, in fragments of any size, and reads them while it sends.</summary>
internal sealed class EchoClient : IDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _patience = new(NodeUnderTest.Patience);
    private byte[] _received = new byte[64 * 1024];

    private EchoClient()
    {
    }

    public static async Task<EchoClient> ConnectAsync(Uri url, bool deflated)
    {
        var client = new EchoClient();
        if (deflated)
        {
            client._socket.Options.DangerousDeflateOptions = new WebSocketDeflateOptions();
        }

        client._socket.Options.CollectHttpResponseDetails = true;
        await client._socket.ConnectAsync(url, client._patience.Token);
        client._socket.HttpResponseHeaders!.ContainsKey("Sec-WebSocket-Extensions").ShouldBe(deflated);
        return client;
    }

    public async Task ShouldEchoAsync(byte[] payload, WebSocketMessageType type, int fragment)
    {
        var sending = SendAsync(payload, type, Math.Max(fragment, 1));
        var (length, typeOfEcho) = await ReceiveAsync(payload.Length);
        await sending;
        typeOfEcho.ShouldBe(type);
        _received.AsSpan(0, length).SequenceEqual(payload).ShouldBeTrue($"{payload.Length} bytes in fragments of {fragment} came back otherwise");
    }

    public Task CloseAsync() => _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", _patience.Token);

    public void Dispose()
    {
        _socket.Dispose();
        _patience.Dispose();
    }

    private async Task SendAsync(byte[] payload, WebSocketMessageType type, int fragment)
    {
        var start = 0;
        do
        {
            var length = Math.Min(fragment, payload.Length - start);
            await _socket.SendAsync(payload.AsMemory(start, length), type, endOfMessage: start + length == payload.Length, _patience.Token);
            start += length;
        }
        while (start < payload.Length);
    }

    private async Task<(int Length, WebSocketMessageType Type)> ReceiveAsync(int expected)
    {
        if (_received.Length < expected + 1)
        {
            _received = new byte[expected + 1];
        }

        var length = 0;
        while (true)
        {
            var result = await _socket.ReceiveAsync(_received.AsMemory(length), _patience.Token);
            result.MessageType.ShouldNotBe(WebSocketMessageType.Close, $"{_socket.CloseStatus}: {_socket.CloseStatusDescription}");
            length += result.Count;
            if (result.EndOfMessage)
            {
                return (length, result.MessageType);
            }
        }
    }
}
