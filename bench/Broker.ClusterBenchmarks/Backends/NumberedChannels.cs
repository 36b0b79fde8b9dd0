using System.Diagnostics;
using System.Net;
using Broker.ClusterBenchmarks.Speech;

namespace Broker.ClusterBenchmarks.Backends;

/// <summary>Channels whose events are numbered, each for itself, and a subscriber who sees whether each number comes once and in its turn.</summary>
internal sealed class NumberedChannels : IAsyncDisposable
{
    /// <summary>A number is its channel's place times this, and its turn.</summary>
    private const int PerChannel = 20_000_000;

    /// <summary>With nothing coming.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string[] _names;
    private readonly int[] _published;
    private readonly int[] _arrived;
    private SpeakingClient _subscriber = null!;
    private string? _wrong;

    private NumberedChannels(string[] names) => (_names, _published, _arrived) = (names, new int[names.Length], new int[names.Length]);

    public int Count => _names.Length;

    /// <summary>Events that have come so far.</summary>
    public long Arrived
    {
        get
        {
            var sum = 0L;
            for (var channel = 0; channel < Count; channel++)
            {
                sum += Volatile.Read(ref _arrived[channel]);
            }

            return sum;
        }
    }

    public static async Task<NumberedChannels> OpenAsync(IClientSpeech speech, IPEndPoint node, string[] names)
    {
        var channels = new NumberedChannels(names);
        var client = await speech.OpenAsync(node, CancellationToken.None);
        foreach (var name in names)
        {
            await speech.SubscribeAsync(client, name, CancellationToken.None);
        }

        channels._subscriber = new SpeakingClient(client, speech, channels.Hear);
        return channels;
    }

    public string NameOf(int channel) => _names[channel];

    /// <summary>The next one's number; by the channel's one publisher.</summary>
    public int Next(int channel) => (channel * PerChannel) + Interlocked.Increment(ref _published[channel]) - 1;

    /// <summary>Numbers that were taken and whose events have not come.</summary>
    public int UnderWay(int channel) => Volatile.Read(ref _published[channel]) - Volatile.Read(ref _arrived[channel]);

    /// <summary>Returns when every number has come.</summary>
    /// <exception cref="InvalidOperationException">One was lost, came twice, or came out of turn.</exception>
    public async Task WaitForAllAsync()
    {
        var (since, arrived) = (Stopwatch.GetTimestamp(), Arrived);
        while (_wrong is null && Enumerable.Range(0, Count).Any(channel => UnderWay(channel) != 0))
        {
            if (Arrived is var now && now != arrived)
            {
                (since, arrived) = (Stopwatch.GetTimestamp(), now);
            }
            else if (Stopwatch.GetElapsedTime(since) > Patience)
            {
                throw new InvalidOperationException($"{Enumerable.Range(0, Count).Sum(UnderWay)} events have not come.");
            }

            await Task.Delay(1);
        }

        if (_wrong is { } wrong)
        {
            throw new InvalidOperationException(wrong);
        }
    }

    public ValueTask DisposeAsync() => _subscriber.DisposeAsync();

    private void Hear(Heard heard)
    {
        if (heard.Kind != HeardKind.Event)
        {
            return;
        }

        var (channel, turn) = Math.DivRem(heard.Number, PerChannel);
        if (turn != _arrived[channel])
        {
            _wrong ??= $"In {_names[channel]} came {turn} where {_arrived[channel]} was due.";
        }

        Volatile.Write(ref _arrived[channel], turn + 1);
    }
}
