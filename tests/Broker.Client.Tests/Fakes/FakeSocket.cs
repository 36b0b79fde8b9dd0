using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Broker.Client.Connections;

namespace Broker.Client.Tests.Fakes;

/// <summary>A connection whose other end is a test: it reads what the client sends, and answers.</summary>
internal sealed class FakeSocket : ISocket
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Channel<JsonElement> _sent = Channel.CreateUnbounded<JsonElement>();
    private readonly Channel<Received> _toCome = Channel.CreateUnbounded<Received>();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completed when the client has sent its close frame.</summary>
    public Task Closed => _closed.Task.WaitAsync(Patience);

    /// <summary>Completed when the client has let go of it.</summary>
    public Task Disposed => _disposed.Task.WaitAsync(Patience);

    /// <summary>Whether the broker answers a close frame.</summary>
    public bool AnswersClose { get; set; } = true;

    /// <summary>Messages that the client has sent and the test has not looked at.</summary>
    public int Unread => _sent.Reader.Count;

    public async ValueTask SendAsync(ReadOnlyMemory<byte> text, CancellationToken cancellationToken) =>
        await _sent.Writer.WriteAsync(JsonDocument.Parse(text.ToArray()).RootElement, cancellationToken);

    public async ValueTask<Received> ReceiveAsync(CancellationToken cancellationToken) => await _toCome.Reader.ReadAsync(cancellationToken);

    public ValueTask CloseAsync(CancellationToken cancellationToken)
    {
        _closed.TrySetResult();
        if (AnswersClose)
        {
            Close(1000);
        }

        return ValueTask.CompletedTask;
    }

    public void Dispose() => _disposed.TrySetResult();

    /// <summary>The next request, which has this method.</summary>
    public async Task<JsonElement> ExpectAsync(string method)
    {
        var request = await _sent.Reader.ReadAsync().AsTask().WaitAsync(Patience);
        request.GetProperty("jsonrpc").GetString().ShouldBe("2.0");
        request.GetProperty("method").GetString().ShouldBe(method, request.GetRawText());
        return request;
    }

    public void Answer(JsonElement request, string result) => Push($$"""{"jsonrpc":"2.0","result":{{result}},"id":{{request.GetProperty("id").GetRawText()}}}""");

    public void Refuse(JsonElement request, int code) => Push(string.Create(
        CultureInfo.InvariantCulture,
        $$$"""{"jsonrpc":"2.0","error":{"code":{{{code}}},"message":"Refused","data":{"message":"because"}},"id":{{{request.GetProperty("id").GetRawText()}}} }"""));

    /// <summary>Takes a subscribe.</summary>
    public async Task<JsonElement> SubscribedAsync(long offset, bool recovered = false, string more = "")
    {
        var request = await ExpectAsync("subscribe");
        Answer(request, string.Create(
            CultureInfo.InvariantCulture, $$"""{"epoch":"e","offset":{{offset}},"recovered":{{(recovered ? "true" : "false")}}{{more}}}"""));
        return request.GetProperty("params");
    }

    public void Event(string channel, long offset) => Notify("event", string.Create(
        CultureInfo.InvariantCulture, $$"""{"channel":"{{channel}}","event":"n","data":{{offset}},"epoch":"e","offset":{{offset}}}"""));

    public void Notify(string method, string parameters) => Push($$"""{"jsonrpc":"2.0","method":"{{method}}","params":{{parameters}}}""");

    public void Push(string text) => _toCome.Writer.TryWrite(new Received(Encoding.UTF8.GetBytes(text), null));

    public void Close(int code, string reason = "") =>
        _toCome.Writer.TryWrite(new Received(default, new ConnectionEnd(code, reason, CloseCodes.MayReturn(code))));

    /// <summary>The network fails.</summary>
    public void Break() => _toCome.Writer.TryComplete(new WebSocketException(WebSocketError.ConnectionClosedPrematurely));
}
