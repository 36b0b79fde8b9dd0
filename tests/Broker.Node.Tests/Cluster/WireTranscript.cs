using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Broker.Node.Tests.Nodes;
using Broker.TestKit.RocketWs;

namespace Broker.Node.Tests.Cluster;

/// <summary>
/// Plays a transcript (<see cref="TestKit.Dialects.Transcript"/>) over real sockets. Channels get names of this play's own, epochs and
/// times are what they are. What an emitter gets of its own event may come before or after the answer, as nodes promise.
/// </summary>
internal sealed partial class WireTranscript : IAsyncDisposable
{
    private const string AnyEpoch = "000000000000feed.";

    // A time, and ports of clients, as the other way of playing has them.
    private static readonly int[] AnyNumbers = [1420070400, .. Enumerable.Range(5000, 10)];

    private readonly ServerUnderTest _server;
    private readonly string[] _lines;
    private readonly RocketWsOverSockets _source;
    private readonly Dictionary<char, Client> _clients = [];
    private string? _epoch;
    private string _reply = "";

    public WireTranscript(IReadOnlyList<string> lines, ServerUnderTest server)
    {
        _server = server;
        _source = new RocketWsOverSockets(new Uri(server.Url, "/rocketws"), token: server.Token);
        var mark = Guid.NewGuid().ToString("N")[..8];
        var channels = lines.SelectMany(line => Channel().Matches(line)).Select(match => match.Groups["name"].Value).Distinct(StringComparer.Ordinal);
        _lines = [.. lines.Select(line => channels.Aggregate(line, (text, channel) => text.Replace($"\"{channel}\"", $"\"{channel}-{mark}\"", StringComparison.Ordinal)))];
    }

    public async Task PlayAsync()
    {
        for (var i = 0; i < _lines.Length; i++)
        {
            var line = _lines[i];
            if (line.Length > 0 && line[0] != '#')
            {
                await PlayAsync(line[0], line[1], line[2..].Trim(), string.Create(CultureInfo.InvariantCulture, $"line {i + 1}: {line}"));
            }
        }

        foreach (var (name, client) in _clients)
        {
            client.Early.Select(message => message?.ToJsonString()).ShouldBeEmpty($"{name} got what is not written down");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients.Values)
        {
            await client.Socket.DisposeAsync();
        }

        await _source.DisposeAsync();
    }

    private async Task PlayAsync(char who, char what, string text, string where)
    {
        switch (who, what)
        {
            case ('T', '>'):
                await WaitUntilCountedAsync();
                _reply = (await _source.RequestAsync("POST", "/", text)).Body;
                break;
            case ('T', '<'): ShouldMatch(_reply, text, where); break;
            case (_, '+'): _clients[who] = await ConnectAsync(text); break;
            case (_, '-'): await CloseAsync(_clients[who]); break;
            case (_, '!'): (await _clients[who].Socket.ReceiveTextAsync()).ShouldBeNull($"sent instead of a close; {where}"); break;
            case (_, '>'): await SendAsync(_clients[who], text); break;
            case (_, '<'): await ExpectAsync(_clients[who], text, where); break;
            default: throw new FormatException($"Not a line of a transcript: {where}");
        }
    }

    private async Task<Client> ConnectAsync(string text)
    {
        var words = text.Split(' ');
        var path = words[0] == "native" ? "/rpc" : "/" + words[0];
        return new Client(await WebSocketClient.ConnectAsync(_server.Socket(path, words.ElementAtOrDefault(1) ?? "")));
    }

    private async Task SendAsync(Client client, string text)
    {
        if (_epoch is not null)
        {
            text = Epoch().Replace(text, _epoch);
        }

        foreach (Match call in Subscribe().Matches(text))
        {
            _ = call.Groups["un"].Success ? client.Channels.Remove(call.Groups["name"].Value) : client.Channels.Add(call.Groups["name"].Value);
        }

        if (text.Contains("\"publish\"", StringComparison.Ordinal) || text.Contains("\"send_data\"", StringComparison.Ordinal))
        {
            await WaitUntilCountedAsync();
        }

        await client.Socket.SendAsync(text);
    }

    /// <summary>Closes, and waits until nobody counts it any more: other nodes hear of it a moment later.</summary>
    private async Task CloseAsync(Client client)
    {
        await client.Socket.CloseAsync();
        var channels = client.Channels.ToArray();
        client.Channels.Clear();
        foreach (var channel in channels)
        {
            await WaitUntilCountedAsync(channel);
        }
    }

    /// <summary>A node that has a room already answers a subscribe before the channel's owner, on another one, has counted it.</summary>
    private async Task WaitUntilCountedAsync()
    {
        foreach (var channel in _clients.Values.SelectMany(client => client.Channels).Distinct(StringComparer.Ordinal).ToArray())
        {
            await WaitUntilCountedAsync(channel);
        }
    }

    /// <summary>Gives up after a while: what was asked to subscribe may have been refused.</summary>
    private async Task WaitUntilCountedAsync(string channel)
    {
        var wanted = _clients.Values.Count(client => client.Channels.Contains(channel));
        await using var asking = await WebSocketClient.ConnectAsync(_server.Socket("/rpc", ""));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        int counted;
        do
        {
            var answer = await asking.CallAsync("presence", $$"""{"channel":"{{channel}}"}""");
            counted = answer.TryGetProperty("result", out var result) ? result.GetProperty("subscribers").GetInt32() : wanted;   // refused: no channel at all
        }
        while (counted != wanted && !patience.IsCancellationRequested);
    }

    private async Task ExpectAsync(Client client, string expected, string where)
    {
        var wanted = JsonNode.Parse(expected);
        for (var i = 0; i < client.Early.Count; i++)
        {
            if (Matches(client.Early[i], wanted))
            {
                client.Early.RemoveAt(i);
                return;
            }
        }

        while (true)
        {
            var text = await client.Socket.ReceiveTextAsync();
            text.ShouldNotBeNull($"closed; {where}");
            var message = JsonNode.Parse(text);
            if (Matches(message, wanted))
            {
                return;
            }

            client.Early.Add(message);
            client.Early.Count.ShouldBeLessThan(3, $"{text} was sent; {where}");
        }
    }

    private void ShouldMatch(string actual, string expected, string where)
    {
        if (expected.Length == 0)
        {
            actual.ShouldBeEmpty(where);
            return;
        }

        Matches(JsonNode.Parse(actual), JsonNode.Parse(expected)).ShouldBeTrue($"{actual} was sent; {where}");
    }

    private bool Matches(JsonNode? actual, JsonNode? expected) => (actual, expected) switch
    {
        (_, JsonValue value) when value.TryGetValue<string>(out var text) && text.Equals("*", StringComparison.Ordinal) => true,
        (JsonValue one, JsonValue value) when value.TryGetValue<string>(out var text) && text.StartsWith(AnyEpoch, StringComparison.Ordinal) =>
            one.TryGetValue<string>(out var epoch) && (_epoch ??= epoch) == epoch,
        (JsonValue one, JsonValue value) when value.TryGetValue<int>(out var number) && AnyNumbers.Contains(number) => one.TryGetValue<long>(out _),
        (JsonObject one, JsonObject other) => one.Count == other.Count
            && other.All(member => one.ContainsKey(member.Key) && Matches(one[member.Key], member.Value)),
        (JsonArray one, JsonArray other) => one.Count == other.Count && one.Zip(other).All(pair => Matches(pair.First, pair.Second)),
        _ => JsonNode.DeepEquals(actual, expected),
    };

    [GeneratedRegex("\"channel\":\"(?<name>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Channel();

    [GeneratedRegex("\"(?<un>un)?subscribe\",\"params\":\\{\"channel\":\"(?<name>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Subscribe();

    [GeneratedRegex("0{12}feed\\.1", RegexOptions.None, 1000)]
    private static partial Regex Epoch();

    private sealed class Client(WebSocketClient socket)
    {
        public WebSocketClient Socket => socket;

        /// <summary>Those that it has asked to subscribe to.</summary>
        public HashSet<string> Channels { get; } = new(StringComparer.Ordinal);

        /// <summary>What has come before its line.</summary>
        public List<JsonNode?> Early { get; } = [];
    }
}
