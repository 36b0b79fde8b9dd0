using Broker.Node.Tests.Nodes;

namespace Broker.Node.Tests.Cluster;

/// <summary>A native client that reads one channel, and keeps the numbers that were published there.</summary>
internal sealed class ClusterReader : IAsyncDisposable
{
    private readonly WebSocketClient _client;

    private ClusterReader(WebSocketClient client, string where) => (_client, Where) = (client, where);

    public string Where { get; }

    public static async Task<ClusterReader> OpenAsync(Uri server, string channel, string where)
    {
        var client = await WebSocketClient.ConnectAsync(new UriBuilder(server) { Scheme = "ws", Path = "/rpc" }.Uri);
        (await client.CallAsync("subscribe", $$"""{"channel":"{{channel}}"}""")).TryGetProperty("result", out _).ShouldBeTrue();
        return new ClusterReader(client, where);
    }

    /// <summary>The next events' numbers; what is said beside events, such as a reset, is passed over.</summary>
    public async Task<int[]> ReadAsync(int count)
    {
        var numbers = new List<int>();
        while (numbers.Count < count)
        {
            if (await NextAsync() is { } number)
            {
                numbers.Add(number);
            }
        }

        return [.. numbers];
    }

    /// <summary>Everything up to a number, that one included.</summary>
    public async Task<int[]> ReadUntilAsync(int last)
    {
        var numbers = new List<int>();
        while (numbers.Count == 0 || numbers[^1] != last)
        {
            if (await NextAsync() is { } number)
            {
                numbers.Add(number);
            }
        }

        return [.. numbers];
    }

    public Task WaitForCloseAsync() => _client.WaitForCloseAsync();

    public WebSocketCloseStatus? CloseStatus => _client.CloseStatus;

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    private async Task<int?> NextAsync()
    {
        var message = await _client.ReceiveAsync();
        return message.TryGetProperty("method", out var method) && method.GetString() == "event"
            ? message.GetProperty("params").GetProperty("data").GetInt32()
            : null;
    }
}
