using System.Net;
using System.Text;
using System.Text.Json;
using Broker.TestKit.WebSockets;

namespace Broker.Node.Tests.Campaign;

/// <summary>A subscriber that writes down what it sees of each channel, and can come back where it was.</summary>
internal sealed class Watcher(IPEndPoint node, string path, int[] channels, CancellationToken cancellationToken) : IDisposable
{
    private readonly Dictionary<int, Log> _logs = channels.ToDictionary(channel => channel, _ => new Log());
    private CrowdClient? _client;

    private bool IsNative => path == "/rpc";

    public bool Watches(int channel) => _logs.ContainsKey(channel);

    /// <summary>The channel's events in the order in which they came.</summary>
    public IReadOnlyList<Sighting> Seen(int channel) => _logs[channel].Seen;

    /// <summary>Their offsets; all zero in a dialect without.</summary>
    public IReadOnlyList<long> Offsets(int channel) => _logs[channel].Offsets;

    /// <summary>The offset that the first subscription began at.</summary>
    public long BeganAt(int channel) => _logs[channel].BeganAt;

    public static string Name(int channel) => $"order-{channel}";

    /// <summary>Connects and subscribes, from where it was if it was here before: then all it missed must follow.</summary>
    public async Task SubscribeAsync()
    {
        _client = await CrowdClient.OpenAsync(node, path, cancellationToken: cancellationToken);
        foreach (var (channel, log) in _logs)
        {
            var isBack = log.Epoch is not null;
            var since = isBack ? $$""","since":{"epoch":"{{log.Epoch}}","offset":{{log.Offset}} }""" : "";
            await _client.SendAsync(Calls.Request("subscribe", $$"""{"channel":"{{Name(channel)}}"{{since}} }"""), cancellationToken);
            var answer = "";
            (await _client.ReadAsync(
                message =>
                {
                    if (TryKeep(message))
                    {
                        return true;
                    }

                    answer = Encoding.UTF8.GetString(message);
                    return false;
                },
                cancellationToken)).ShouldBeTrue();
            Answered(log, JsonDocument.Parse(answer).RootElement.GetProperty("result"), isBack);
        }
    }

    /// <summary>Reads until so many more events have come.</summary>
    public async Task ReadAsync(int events)
    {
        (await _client!.ReadAsync(message => !TryKeep(message) || --events > 0, cancellationToken)).ShouldBeTrue();
    }

    /// <summary>Reads until each channel's last event has come.</summary>
    public async Task ReadToFenceAsync()
    {
        var open = _logs.Values.Count(log => !log.IsAtFence);
        (open == 0 || await _client!.ReadAsync(
            message =>
            {
                TryKeep(message).ShouldBeTrue(Encoding.UTF8.GetString(message));
                return _logs.Values.Any(log => !log.IsAtFence);
            },
            cancellationToken)).ShouldBeTrue($"Closed with {_client?.CloseCode}.");
    }

    /// <summary>Goes away without a word, whatever is on its way.</summary>
    public void Drop() => _client!.Reset();

    public void Dispose() => _client?.Dispose();

    private void Answered(Log log, JsonElement result, bool isBack)
    {
        if (!IsNative)
        {
            result.GetString().ShouldBe("subscribed");
            return;
        }

        result.GetProperty("recovered").GetBoolean().ShouldBe(isBack);
        if (!isBack)
        {
            log.BeganAt = log.Offset = result.GetProperty("offset").GetInt64();
        }

        log.Epoch = result.GetProperty("epoch").GetString();
    }

    private bool TryKeep(ReadOnlySpan<byte> message)
    {
        if (!Sighting.TryRead(message, out var sighting, out var offset))
        {
            return false;
        }

        var log = _logs[sighting.Channel];
        log.Seen.Add(sighting);
        log.Offsets.Add(offset);
        log.Offset = offset;
        log.IsAtFence = sighting.Publisher == Sighting.Fence;
        return true;
    }

    private sealed class Log
    {
        public List<Sighting> Seen { get; } = [];

        public List<long> Offsets { get; } = [];

        public long BeganAt { get; set; }

        public long Offset { get; set; }

        public string? Epoch { get; set; }

        public bool IsAtFence { get; set; }
    }
}
