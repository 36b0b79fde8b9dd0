using System.Buffers;
using System.Net.WebSockets;

namespace Broker.Client.Connections;

/// <summary>A WebSocket of the framework's own.</summary>
/// <param name="maxBytes">Of a message; a larger one ends the connection.</param>
internal sealed class WebSocketSocket(ClientWebSocket socket, int maxBytes) : ISocket
{
    private readonly ArrayBufferWriter<byte> _message = new(4_096);

    public ValueTask SendAsync(ReadOnlyMemory<byte> text, CancellationToken cancellationToken) =>
        socket.SendAsync(text, WebSocketMessageType.Text, endOfMessage: true, cancellationToken);

    public async ValueTask<Received> ReceiveAsync(CancellationToken cancellationToken)
    {
        _message.ResetWrittenCount();
        while (true)
        {
            var part = await socket.ReceiveAsync(_message.GetMemory(4_096), cancellationToken).ConfigureAwait(false);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return new Received(default, End());
            }

            _message.Advance(part.Count);
            if (_message.WrittenCount > maxBytes)
            {
                var tooBig = new ConnectionEnd(CloseCodes.TooBig, $"the broker sent a message of more than {maxBytes} bytes", MayReturn: false);
                return new Received(default, tooBig);
            }

            if (part.EndOfMessage)
            {
                // A copy: what is read from it lives on.
                return new Received(_message.WrittenSpan.ToArray(), null);
            }
        }
    }

    public async ValueTask CloseAsync(CancellationToken cancellationToken)
    {
        if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
        {
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose() => socket.Dispose();

    private ConnectionEnd End()
    {
        var code = (int?)socket.CloseStatus ?? 1005;
        return new ConnectionEnd(code, socket.CloseStatusDescription ?? "", CloseCodes.MayReturn(code));
    }
}
