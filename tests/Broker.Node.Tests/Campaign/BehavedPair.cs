using System.Diagnostics;
using System.Globalization;
using System.Net;
using Broker.TestKit.WebSockets;

namespace Broker.Node.Tests.Campaign;

/// <summary>
/// Two clients that do as they should while others do not: one publishes, the other must get each event, in order, before the next is sent. Keeps
/// how long each took, to be told; nothing here depends on it.
/// </summary>
internal sealed class BehavedPair : IDisposable
{
    private readonly CrowdClient _publisher;
    private readonly CrowdClient _subscriber;
    private readonly CancellationToken _cancellationToken;
    private readonly List<double> _tookMs = [];
    private int _number;

    private BehavedPair(CrowdClient publisher, CrowdClient subscriber, CancellationToken cancellationToken) =>
        (_publisher, _subscriber, _cancellationToken) = (publisher, subscriber, cancellationToken);

    /// <param name="from">The address that they have; an attacker has another one.</param>
    public static async Task<BehavedPair> OpenAsync(IPEndPoint node, IPAddress from, CancellationToken cancellationToken)
    {
        var publisher = await CrowdClient.OpenAsync(node, "/rpc", from: from, cancellationToken: cancellationToken);
        var subscriber = await CrowdClient.OpenAsync(node, "/rpc", from: from, cancellationToken: cancellationToken);
        await subscriber.SubscribeAsync("behaved", cancellationToken);
        return new BehavedPair(publisher, subscriber, cancellationToken);
    }

    /// <summary>Exchanges this many events.</summary>
    public async Task ExchangeAsync(int events)
    {
        for (var n = 0; n < events; n++)
        {
            await ExchangeAsync();
        }
    }

    /// <summary>Exchanges events until <paramref name="attack"/> is over, at least some.</summary>
    public async Task ExchangeWhileAsync(Task attack)
    {
        do
        {
            await ExchangeAsync(10);
        }
        while (!attack.IsCompleted);
        await attack;
    }

    /// <summary>What the events since the last time took, in words.</summary>
    public string Figures()
    {
        _tookMs.Sort();
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{_tookMs.Count} exchanges, p50 {_tookMs[_tookMs.Count / 2]:0.00} ms, p99 {_tookMs[_tookMs.Count * 99 / 100]:0.00} ms, longest {_tookMs[^1]:0.00} ms");
        _tookMs.Clear();
        return text;
    }

    public void Dispose()
    {
        _publisher.Dispose();
        _subscriber.Dispose();
    }

    private async Task ExchangeAsync()
    {
        var number = ++_number;
        var startedAt = Stopwatch.GetTimestamp();
        var parameters = string.Create(CultureInfo.InvariantCulture, $$"""{"channel":"behaved","event":"e","data":{{number}} }""");
        await _publisher.SendAsync(Calls.Request("publish", parameters, number), _cancellationToken);
        (await _subscriber.ReceiveAsync(_cancellationToken)).ShouldEndWith(string.Create(CultureInfo.InvariantCulture, $"\"offset\":{number}}}}}"));
        _tookMs.Add(Stopwatch.GetElapsedTime(startedAt).TotalMilliseconds);
        (await _publisher.ReceiveAsync(_cancellationToken)).ShouldContain("\"result\"");
    }
}
