using System.Globalization;
using System.Net;
using System.Text;

namespace Broker.Node.Tests.Nodes;

/// <summary>Reads an event stream as the HTML standard says, section 9.2.6. Never waits for ever.</summary>
public sealed class SseClient : IDisposable, IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly HttpClient _http;
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _lines;

    private SseClient(HttpClient http, HttpResponseMessage response, Stream body)
    {
        _http = http;
        _response = response;
        _lines = new StreamReader(body, Encoding.UTF8);
    }

    public HttpResponseMessage Response => _response;

    /// <summary>What a browser would give back when it connects again.</summary>
    public string LastEventId { get; private set; } = "";

    /// <summary>Milliseconds that the stream asked to wait; null before it did.</summary>
    public int? Retry { get; private set; }

    public static Task<SseClient> OpenAsync(BrokerNode node, string query, string? lastEventId = null, params (string Name, string Value)[] headers) =>
        OpenAsync(node.Port, query, lastEventId, headers);

    /// <summary>Connects on a connection of its own, and waits for the response's head.</summary>
    public static async Task<SseClient> OpenAsync(int port, string query, string? lastEventId = null, params (string Name, string Value)[] headers)
    {
        var http = new HttpClient { Timeout = Patience };
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{port}/sse?{query}");
        if (lastEventId is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return new SseClient(http, response, await response.Content.ReadAsStreamAsync());
    }

    /// <summary>Connects and reads until every channel has said where it begins.</summary>
    public static async Task<SseClient> SubscribeAsync(BrokerNode node, string channels, string? lastEventId = null, string more = "")
    {
        var client = await OpenAsync(node, $"channels={channels}{more}", lastEventId);
        client.Response.StatusCode.ShouldBe(HttpStatusCode.OK);
        foreach (var _ in channels.Split(','))
        {
            (await client.ReadAsync()).Event.ShouldBe("subscribed");
        }

        return client;
    }

    public async Task<SseMessage> ReadAsync() =>
        await TryReadAsync() ?? throw new EndOfStreamException("The stream ended.");

    /// <summary>The next message; null when the stream has ended.</summary>
    public async Task<SseMessage?> TryReadAsync()
    {
        string? name = null;
        var data = new StringBuilder();
        var id = LastEventId;
        while (await ReadLineAsync() is { } line)
        {
            var (field, value) = Split(line);
            switch (field)
            {
                case "" when line.Length == 0:
                    LastEventId = id;
                    if (data.Length > 0)
                    {
                        return new SseMessage(name ?? "message", data.ToString(0, data.Length - 1), id);
                    }

                    name = null;
                    break;
                case "event": name = value; break;
                case "data": data.Append(value).Append('\n'); break;
                case "id": id = value; break;
                case "retry": Retry = int.Parse(value, CultureInfo.InvariantCulture); break;
                default: break;
            }
        }

        return null;
    }

    /// <summary>The next line of any kind, comments too; null at the end.</summary>
    public async Task<string?> ReadLineAsync()
    {
        using var timeout = new CancellationTokenSource(Patience);
        return await _lines.ReadLineAsync(timeout.Token);
    }

    public void Dispose()
    {
        _lines.Dispose();
        _response.Dispose();
        _http.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private static (string Field, string Value) Split(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            return (line, "");
        }

        var value = line[(colon + 1)..];
        return (line[..colon], value.StartsWith(' ') ? value[1..] : value);
    }
}
