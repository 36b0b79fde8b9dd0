using System.Diagnostics;
using System.Net.Sockets;
using Broker.ClusterBenchmarks.Subjects;
using Broker.TestKit.WebSockets;

namespace Broker.ClusterBenchmarks;

/// <summary>Batches from one publisher on a subject's first server, and a subscriber of each channel on its second.</summary>
internal sealed class Flood : IAsyncDisposable
{
    public const int Batch = 100;
    public const int PayloadBytes = 128;
    public const int MaxUnderWay = 50_000;

    private static readonly TimeSpan Warmup = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _over = new();
    private readonly CrowdClient _publisher;
    private readonly CrowdClient[] _subscribers;
    private readonly byte[][] _batches;
    private readonly Task _reading;
    private long _received;

    private Flood(CrowdClient publisher, CrowdClient[] subscribers, byte[][] batches)
    {
        (_publisher, _subscribers, _batches) = (publisher, subscribers, batches);
        _reading = Task.WhenAll(subscribers.Select(subscriber => Task.Run(() => ReadAsync(subscriber))));
    }

    public static async Task<Flooded> MeasureAsync(ISubject subject, ChannelSet set, Options options)
    {
        await using var flood = await OpenAsync(subject, set);
        await flood.RunAsync(options.Flood, Warmup);
        var before = await subject.LookAsync();
        var began = Stopwatch.GetTimestamp();
        var count = await flood.RunAsync(options.Flood, TimeSpan.FromSeconds(options.Seconds));
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        return new Flooded(set, count, seconds, await subject.LookAsync() - before);
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        Array.ForEach(_subscribers, subscriber => subscriber.Dispose());
#pragma warning disable VSTHRD003 // Its own, on the pool.
        await _reading;
#pragma warning restore VSTHRD003
        _publisher.Dispose();
        _over.Dispose();
    }

    private static async Task<Flood> OpenAsync(ISubject subject, ChannelSet set)
    {
        var subscribers = new CrowdClient[set.Channels.Length];
        for (var i = 0; i < subscribers.Length; i++)
        {
            subscribers[i] = await subject.Speech.OpenAsync(subject.Servers[1], CancellationToken.None);
            await subject.Speech.SubscribeAsync(subscribers[i], set.Channels[i], CancellationToken.None);
        }

        var publisher = await subject.Speech.OpenAsync(subject.Servers[0], CancellationToken.None);
        return new Flood(publisher, subscribers, [.. set.Channels.Select(channel => subject.Speech.Batch(channel, Batch, PayloadBytes))]);
    }

    private async Task ReadAsync(CrowdClient subscriber)
    {
        try
        {
            await subscriber.ReadAsync(_ => Interlocked.Increment(ref _received) >= 0, _over.Token);
        }
        catch (Exception gone) when (gone is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // Measured.
        }

        if (!_over.IsCancellationRequested)
        {
            Console.WriteLine($"  A subscriber was closed with {subscriber.CloseCode}.");
        }
    }

    /// <returns>How many were published, all of which have been received.</returns>
    private async Task<long> RunAsync(int perSecond, TimeSpan duration)
    {
        var start = Stopwatch.GetTimestamp();
        var (sent, before) = (0L, Interlocked.Read(ref _received));
        for (var next = 0; Stopwatch.GetElapsedTime(start) < duration; next++)
        {
            while (sent - (Interlocked.Read(ref _received) - before) >= MaxUnderWay || sent > Stopwatch.GetElapsedTime(start).TotalSeconds * perSecond)
            {
                Thread.Sleep(1);
                if (Stopwatch.GetElapsedTime(start) >= duration)
                {
                    break;
                }
            }

            await _publisher.SendBytesAsync(_batches[next % _batches.Length]);
            sent += Batch;
        }

        while (Interlocked.Read(ref _received) - before < sent)
        {
            if (Stopwatch.GetElapsedTime(start) > duration + Patience)
            {
                throw new InvalidOperationException($"{sent - (Interlocked.Read(ref _received) - before)} of {sent} events have not arrived.");
            }

            Thread.Sleep(1);
        }

        return sent;
    }
}
