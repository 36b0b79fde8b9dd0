using System.Diagnostics;
using System.Globalization;
using Broker.TestKit.Deployments;

namespace Broker.ClusterBenchmarks;

/// <summary>From a publish on one node to its event at a subscriber of another, by where the channel's owner is.</summary>
internal static class Latency
{
    private const int Channels = 10;

    private static readonly TimeSpan Warmup = TimeSpan.FromSeconds(3);

    public static async Task MeasureAsync(Options options)
    {
        await using var cluster = await DeployedCluster.StartAsync(new DeploymentOptions());
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"From node to node at {options.Rate:N0} publishes/s, {Channels} channels with history, {options.Seconds} s"));
        Console.WriteLine(Figures.Head("  as the clients see it"));
        var owners = await Owners.WaitUntilSpreadAsync(cluster);
        string[] places = ["owned where it is published", "owned where it is received", "owned by a third node"];
        for (var i = 0; i < places.Length; i++)
        {
            var channels = Owners.ChannelsOf(owners, cluster.Nodes[i], Channels, $"latency-{i}");
            await using var probe = await Probe.OpenAsync(cluster.Nodes[0], cluster.Nodes[1], channels, CancellationToken.None);
            using var stop = new CancellationTokenSource();
            var publishing = probe.PublishAsync(options.Rate, stop.Token);
            await Task.Delay(Warmup);
            var began = Stopwatch.GetTimestamp();
            await Task.Delay(TimeSpan.FromSeconds(options.Seconds));
            var until = Stopwatch.GetTimestamp();
            await Task.Delay(TimeSpan.FromSeconds(1));
            await stop.CancelAsync();
            await publishing;
            Console.WriteLine(Figures.Line($"{places[i]}: to its event", probe.ArrivalTimes(began, until), "0.00"));
            Console.WriteLine(Figures.Line($"{places[i]}: to its answer", probe.AnswerTimes(began, until), "0.00"));
        }
    }
}
