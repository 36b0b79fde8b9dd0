using System.Collections.Concurrent;
using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;

namespace Broker.TestKit.WebSockets;

/// <summary>
/// A connection of the native dialect whose user never waits: what it sends is queued, answers and notifications are told in the order in
/// which they came, one at a time.
/// </summary>
public sealed class RpcConnection : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly Channel<byte[]> _outgoing = Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentDictionary<long, Action<JsonElement>> _calls = new();
    private readonly Action<JsonElement> _notified;
    private Task _running = Task.CompletedTask;
    private long _lastId;

    private RpcConnection(Action<JsonElement> notified) => _notified = notified;

    /// <summary>Completes, never with a fault, when nothing comes any more.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    /// <summary>The server's close code, once it has closed.</summary>
    public int? CloseCode => (int?)_socket.CloseStatus;

    /// <param name="node">Where it listens: <c>http://127.0.0.1:9772</c>.</param>
    /// <param name="notified">Told each notification; it is valid during the call only.</param>
    public static async Task<RpcConnection> OpenAsync(Uri node, Action<JsonElement> notified, CancellationToken cancellationToken)
    {
        var connection = new RpcConnection(notified);
        connection._socket.Options.KeepAliveInterval = TimeSpan.Zero;
        try
        {
            await connection._socket.ConnectAsync(new UriBuilder(node) { Scheme = "ws", Path = "/rpc" }.Uri, cancellationToken);
        }
        catch
        {
            connection._socket.Dispose();
            throw;
        }

        connection.Ended = connection.ReceiveAllAsync();
        connection._running = Task.WhenAll(connection.Ended, connection.SendAllAsync());
        return connection;
    }

    /// <summary>Queues a request.</summary>
    /// <param name="answered">Told the whole answer, valid during the call only; never, where the connection ends before.</param>
    public void Call(string method, string parameters, Action<JsonElement> answered)
    {
        var id = Interlocked.Increment(ref _lastId);
        _calls[id] = answered;
        Send(string.Create(CultureInfo.InvariantCulture, $$"""{"jsonrpc":"2.0","id":{{id}},"method":"{{method}}","params":{{parameters}}""") + "}");
    }

    /// <summary>Calls and waits for the answer.</summary>
    /// <returns>The whole answer; null where the connection ended before.</returns>
    public async Task<JsonElement?> CallAsync(string method, string parameters, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        Call(method, parameters, answer => done.TrySetResult(answer.Clone()));
        await Task.WhenAny(done.Task, Ended).WaitAsync(cancellationToken);
        return done.Task.IsCompletedSuccessfully ? await done.Task : null;
    }

    /// <summary>Queues a message as it is.</summary>
    public void Send(string text) => _outgoing.Writer.TryWrite(Encoding.UTF8.GetBytes(text));

    /// <summary>Ends without a word.</summary>
    public void Abort()
    {
        _outgoing.Writer.TryComplete();
        _socket.Abort();
    }

    /// <summary>Says that it goes, and does not wait for an answer.</summary>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        try
        {
            _outgoing.Writer.TryComplete();
            await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", cancellationToken);
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException or InvalidOperationException or ObjectDisposedException)
        {
            // It was over before.
        }
    }

    public async ValueTask DisposeAsync()
    {
        Abort();
        await _running;
        _socket.Dispose();
    }

    private async Task SendAllAsync()
    {
        try
        {
            await foreach (var message in _outgoing.Reader.ReadAllAsync())
            {
                await _socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
            }
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException or InvalidOperationException or ObjectDisposedException)
        {
            // Whoever reads notices too.
        }
    }

    private async Task ReceiveAllAsync()
    {
        await Task.Yield();
        var buffer = new byte[16 << 10];
        try
        {
            for (var length = 0; ;)
            {
                var result = await _socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                if (result.MessageType == WebSocketMessageType.Close)
                {
                    return;
                }

                length += result.Count;
                if (result.EndOfMessage)
                {
                    Take(buffer.AsMemory(0, length));
                    length = 0;
                }
                else if (length == buffer.Length)
                {
                    Array.Resize(ref buffer, buffer.Length * 2);
                }
            }
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Over.
        }
        finally
        {
            _outgoing.Writer.TryComplete();
        }
    }

    private void Take(ReadOnlyMemory<byte> message)
    {
        using var document = JsonDocument.Parse(message);
        var root = document.RootElement;
        if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("method", out _))
        {
            _notified(root);
        }
        else if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.Number
            && _calls.TryRemove(id.GetInt64(), out var answered))
        {
            answered(root);
        }
    }
}
