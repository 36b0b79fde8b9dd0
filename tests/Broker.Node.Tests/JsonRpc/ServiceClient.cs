using Broker.Node.Tests.Nodes;

namespace Broker.Node.Tests.JsonRpc;

/// <summary>One client of a service, and what its instance there recorded.</summary>
public sealed class ServiceClient(WebSocketClient socket, Recorder service) : IAsyncDisposable
{
    public WebSocketClient Socket => socket;

    public Recorder Service => service;

    public Task SendAsync(string text) => socket.SendAsync(text);

    public async Task<string> AskAsync(string text)
    {
        await socket.SendAsync(text);
        return await NextAsync();
    }

    /// <summary>The next message; fails when the node has closed.</summary>
    public async Task<string> NextAsync() => await socket.ReceiveTextAsync() ?? throw new InvalidOperationException($"Closed with {socket.CloseStatus}: {socket.CloseReason}");

    /// <summary>Nothing has come for what was sent, since the next thing that comes is the answer to this.</summary>
    public async Task ShouldBeSilentAsync()
    {
        (await AskAsync("""{"id":"fence","method":"opt","params":[1]}""")).ShouldBe("""{"id":"fence","result":[1,2],"error":null}""");
    }

    /// <summary>The node closes, and sends nothing before.</summary>
    public async Task ShouldBeClosedAsync(int code)
    {
        (await socket.ReceiveTextAsync()).ShouldBeNull();
        ((int?)socket.CloseStatus).ShouldBe(code);
        await socket.CloseAsync();
    }

    public ValueTask DisposeAsync() => socket.DisposeAsync();
}
