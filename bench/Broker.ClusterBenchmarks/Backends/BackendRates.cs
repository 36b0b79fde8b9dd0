using System.Diagnostics;
using System.Globalization;
using Broker.ClusterBenchmarks.Speech;
using Broker.ClusterBenchmarks.Subjects;

namespace Broker.ClusterBenchmarks.Backends;

/// <summary>What a backend can publish over AMQP, beside the same over HTTP: both in turn, with a subscriber that counts.</summary>
internal static class BackendRates
{
    private static readonly TimeSpan Warmup = TimeSpan.FromSeconds(2);

    public static async Task MeasureAsync(Options options)
    {
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"A backend's publishes, each channel's in order, channels with history, {options.Seconds} s each, {options.Runs} times in turn; medians, and of the ratios the least and the greatest too"));
        Console.WriteLine($"{"",-52} {"",-5} {"events/s",10} {"CPU ms per 1,000 of nodes",26} {"of RabbitMQ",12}");
        foreach (var start in new[] { SourceNodes.StartAloneAsync, SourceNodes.StartClusterAsync })
        {
            await using var nodes = await start();
            foreach (var set in nodes.Sets)
            {
                await MeasureAsync(nodes, set, options);
            }
        }
    }

    private static async Task MeasureAsync(SourceNodes nodes, ChannelSet set, Options options)
    {
        await using var channels = await NumberedChannels.OpenAsync(NativeSpeech.Instance, nodes.Active, set.Channels);
        await using var amqp = await AmqpBackend.ConnectAsync(nodes.RabbitMq);
        await using var http = new HttpBackend(nodes.Active);
        var (overAmqp, overHttp) = (new List<Rate>(), new List<Rate>());
        for (var run = 0; run < options.Runs; run++)
        {
            overAmqp.Add(await MeasureAsync(nodes, channels, amqp, options));
            overHttp.Add(await MeasureAsync(nodes, channels, http, options));
        }

        Tell(set.Name, amqp, overAmqp);
        Tell("", http, overHttp);
        double[] ratios = [.. overAmqp.Zip(overHttp, (one, other) => one.PerSecond / other.PerSecond).Order()];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {"",-50} ratio {ratios[ratios.Length / 2],10:0.00} ({ratios[0]:0.00} to {ratios[^1]:0.00})"));
    }

    private static async Task<Rate> MeasureAsync(SourceNodes nodes, NumberedChannels channels, IBackend backend, Options options)
    {
        using var stop = new CancellationTokenSource();
        var publishing = backend.PublishAsync(channels, stop.Token);
        await Task.WhenAny(publishing, Task.Delay(Warmup));
        var (began, count, nodeSeconds, rabbitSeconds) = (Stopwatch.GetTimestamp(), channels.Arrived, nodes.NodeSeconds, nodes.RabbitMqSeconds);
        await Task.WhenAny(publishing, Task.Delay(TimeSpan.FromSeconds(options.Seconds)));
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        (count, nodeSeconds, rabbitSeconds) = (channels.Arrived - count, nodes.NodeSeconds - nodeSeconds, nodes.RabbitMqSeconds - rabbitSeconds);
        await stop.CancelAsync();
        await publishing;
        await channels.WaitForAllAsync();
        return new Rate(count / seconds, nodeSeconds * 1e6 / count, rabbitSeconds * 1e6 / count);
    }

    private static void Tell(string name, IBackend backend, List<Rate> rates) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"  {name,-50} {backend.Name,-5} {Median(rates, rate => rate.PerSecond),10:N0} {Median(rates, rate => rate.NodeMs),26:0} {Median(rates, rate => rate.RabbitMqMs),12:0}"));

    private static double Median(List<Rate> rates, Func<Rate, double> of) => rates.Select(of).Order().ElementAt(rates.Count / 2);

    /// <param name="NodeMs">CPU milliseconds of all nodes per 1,000 events.</param>
    /// <param name="RabbitMqMs">The same of RabbitMQ.</param>
    private sealed record Rate(double PerSecond, double NodeMs, double RabbitMqMs);
}
