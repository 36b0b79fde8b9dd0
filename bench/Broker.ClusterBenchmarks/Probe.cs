using System.Diagnostics;
using System.Net;
using Broker.ClusterBenchmarks.Speech;

namespace Broker.ClusterBenchmarks;

/// <summary>Publishes into channels over one server, evenly, and follows them over another; notes when each publish went, was answered and arrived.</summary>
internal sealed class Probe : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly List<Sent> _sent = [];
    private readonly IClientSpeech _speech;
    private readonly string[] _channels;
    private SpeakingClient _publisher = null!;
    private SpeakingClient _subscriber = null!;

    private Probe(IClientSpeech speech, string[] channels) => (_speech, _channels) = (speech, channels);

    public static async Task<Probe> OpenAsync(
        IClientSpeech speech, IPEndPoint publishing, IPEndPoint subscribing, string[] channels, CancellationToken cancellationToken)
    {
        var probe = new Probe(speech, channels);
        var subscriber = await speech.OpenAsync(subscribing, cancellationToken);
        foreach (var channel in channels)
        {
            await speech.SubscribeAsync(subscriber, channel, cancellationToken);
        }

        probe._subscriber = new SpeakingClient(subscriber, speech, probe.Hear);
        probe._publisher = new SpeakingClient(await speech.OpenAsync(publishing, cancellationToken), speech, probe.Hear);
        return probe;
    }

    /// <summary>Publishes, channel after channel, until it is cancelled.</summary>
    public Task PublishAsync(int perSecond, CancellationToken cancellationToken) => Task.Factory.StartNew(
        () =>
        {
            var began = Stopwatch.GetTimestamp();
            for (var count = 0L; !cancellationToken.IsCancellationRequested;)
            {
                for (var due = (long)(Stopwatch.GetElapsedTime(began).TotalSeconds * perSecond); count < due; count++)
                {
                    Publish((int)(count % _channels.Length));
                }

                Thread.Sleep(1);
            }
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    /// <summary>Waits until a publish after a time was taken and has arrived, in every channel.</summary>
    public async Task WaitUntilServedAsync(long since, CancellationToken cancellationToken)
    {
        while (Gaps(since, sent => sent.AnsweredAt).Any(gap => gap < 0) || Gaps(since, sent => sent.ArrivedAt).Any(gap => gap < 0))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken);
        }
    }

    /// <summary>By channel, from a time to the first answer of a publish that went after it; -1 for none.</summary>
    public IReadOnlyList<long> AnswerGaps(long since) => Gaps(since, sent => sent.AnsweredAt);

    /// <summary>By channel, from a time to the first event of a publish that went after it; -1 for none.</summary>
    public IReadOnlyList<long> ArrivalGaps(long since) => Gaps(since, sent => sent.ArrivedAt);

    /// <summary>How long each publish that went in a span waited for its answer.</summary>
    public IReadOnlyList<long> AnswerTimes(long since, long until) => Times(since, until, sent => sent.AnsweredAt);

    public IReadOnlyList<long> ArrivalTimes(long since, long until) => Times(since, until, sent => sent.ArrivedAt);

    /// <summary>Publishes that went in a span and were refused, and those that are open.</summary>
    public (int Refused, int Open, int Lost) Losses(long since, long until)
    {
        lock (_gate)
        {
            var among = _sent.Where(sent => sent.At >= since && sent.At < until).ToArray();
            return (among.Count(sent => sent.IsRefused), among.Count(sent => sent is { AnsweredAt: 0, IsRefused: false }), among.Count(sent => sent is { AnsweredAt: > 0, ArrivedAt: 0 }));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _publisher.DisposeAsync();
        await _subscriber.DisposeAsync();
    }

    private void Publish(int channel)
    {
        int number;
        lock (_gate)
        {
            number = _sent.Count;
            _sent.Add(new Sent(channel, Stopwatch.GetTimestamp()));
        }

        _publisher.Send(_speech.Publish(_channels[channel], number));
    }

    private void Hear(Heard heard)
    {
        var now = Stopwatch.GetTimestamp();
        lock (_gate)
        {
            switch (heard.Kind)
            {
                case HeardKind.Event: _sent[heard.Number].ArrivedAt = now; break;
                case HeardKind.Answer: _sent[heard.Number].AnsweredAt = now; break;
                case HeardKind.Refusal: _sent[heard.Number].IsRefused = true; break;
                default: break;
            }
        }
    }

    private long[] Gaps(long since, Func<Sent, long> end)
    {
        var gaps = new long[_channels.Length];
        Array.Fill(gaps, -1);
        lock (_gate)
        {
            foreach (var sent in _sent.Where(sent => sent.At >= since && end(sent) > 0))
            {
                ref var gap = ref gaps[sent.Channel];
                gap = gap < 0 ? end(sent) - since : Math.Min(gap, end(sent) - since);
            }
        }

        return gaps;
    }

    private long[] Times(long since, long until, Func<Sent, long> end)
    {
        lock (_gate)
        {
            return [.. _sent.Where(sent => sent.At >= since && sent.At < until && end(sent) > 0).Select(sent => end(sent) - sent.At)];
        }
    }

    private sealed class Sent(int channel, long at)
    {
        public int Channel => channel;

        public long At => at;

        public long AnsweredAt { get; set; }

        public long ArrivedAt { get; set; }

        public bool IsRefused { get; set; }
    }
}
