using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using Broker.Actors.Cluster;
using Broker.Cluster.RabbitMq;
using Microsoft.Extensions.Logging.Abstractions;

namespace Broker.BusBenchmarks;

/// <summary>Two nodes' buses in one process; one sends, the other measures.</summary>
internal sealed class BusPair : IAsyncDisposable
{
    public const int ItemBytes = 128;

    private const int MaxUnderWay = 4 << 20;

    private readonly RabbitMqBus _sender;
    private readonly RabbitMqBus _receiver;
    private readonly MeasuringSink _sink = new();
    private readonly MeasuringSink _senders = new();
    private readonly Func<double> _rabbitMqSeconds;

    private BusPair(string connectionString, Func<double> rabbitMqSeconds)
    {
        _rabbitMqSeconds = rabbitMqSeconds;
        var options = new RabbitMqOptions { ConnectionString = connectionString, NewsExchange = "broker.bench" };
        _sender = new RabbitMqBus(options, NullLoggerFactory.Instance, TimeProvider.System);
        _receiver = new RabbitMqBus(options, NullLoggerFactory.Instance, TimeProvider.System);
    }

    /// <param name="rabbitMqSeconds">RabbitMQ's CPU time so far.</param>
    public static async Task<BusPair> OpenAsync(string connectionString, Func<double> rabbitMqSeconds)
    {
        var pair = new BusPair(connectionString, rabbitMqSeconds);
        pair._sender.Start(pair._senders);
        pair._receiver.Start(pair._sink);
        await pair._senders.ConnectedAsync();
        await pair._sink.ConnectedAsync();
        return pair;
    }

    /// <summary>Items that come one after the other, evenly; what is due within a millisecond goes together. Timed from when a batch is made.</summary>
    public async Task<string> PacedAsync(int perSecond, TimeSpan duration)
    {
        var to = await _sink.ConnectedAsync();
        var messages = _sender.Counters.MessagesSent.Value;
        var total = (int)(perSecond * duration.TotalSeconds);
        _sink.Expect(total);
        await Task.Factory.StartNew(() => Pace(to, perSecond, total), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var times = await _sink.TimesAsync();
        Array.Sort(times);
        messages = _sender.Counters.MessagesSent.Value - messages;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{perSecond,10:N0} {Ms(times[total / 2]),8:0.00} {Ms(times[total * 99 / 100]),8:0.00} {Ms(times[^1]),8:0.00} {messages / duration.TotalSeconds,11:N0}");
    }

    /// <summary>Batches of one size, as many as are taken while a bounded number of bytes is under way.</summary>
    public async Task<Flooded> FloodAsync(int batchBytes, TimeSpan duration)
    {
        var to = await _sink.ConnectedAsync();
        var batch = new byte[batchBytes];
        var underWay = Math.Min(MaxUnderWay / batchBytes, 4_000);
        var (busSeconds, rabbitMqSeconds) = (BusSeconds, _rabbitMqSeconds());
        var (before, started) = (_receiver.Counters.MessagesReceived.Value, Stopwatch.GetTimestamp());
        var sent = 0L;
        while (Stopwatch.GetElapsedTime(started) < duration)
        {
            if (sent - (_receiver.Counters.MessagesReceived.Value - before) < underWay && _sender.TrySend(to, default, batch))
            {
                sent++;
            }
            else
            {
                ThrowIfFailed();
                await Task.Delay(1);   // leaves its core to RabbitMQ
            }
        }

        while (_receiver.Counters.MessagesReceived.Value - before < sent)
        {
            ThrowIfFailed();
            await Task.Delay(1);
        }

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return new Flooded(batchBytes, sent, seconds, BusSeconds - busSeconds, _rabbitMqSeconds() - rabbitMqSeconds);
    }

    public async ValueTask DisposeAsync()
    {
        await _sender.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    private static double BusSeconds => Environment.CpuUsage.TotalTime.TotalSeconds;

    private void ThrowIfFailed()
    {
        _sink.ThrowIfFailed();
        _senders.ThrowIfFailed();
    }

    private void Pace(BusAddress to, int perSecond, int total)
    {
        var batch = new byte[ItemBytes * ((perSecond / 100) + 1)];
        var started = Stopwatch.GetTimestamp();
        for (var sent = 0; sent < total;)
        {
            Thread.Sleep(1);   // what a node's loop does between its ticks
            var due = Math.Min(total, (int)(Stopwatch.GetElapsedTime(started).TotalSeconds * perSecond));
            var count = Math.Min(due - sent, batch.Length / ItemBytes);
            for (var i = 0; i < count; i++)
            {
                BinaryPrimitives.WriteInt64LittleEndian(batch.AsSpan(i * ItemBytes), Stopwatch.GetTimestamp());
            }

            ThrowIfFailed();
            if (count > 0 && _sender.TrySend(to, default, batch.AsMemory(0, count * ItemBytes)))
            {
                sent += count;
            }
        }
    }

    private static double Ms(long ticks) => ticks * 1000.0 / Stopwatch.Frequency;
}
