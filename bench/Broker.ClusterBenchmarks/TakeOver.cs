using System.Diagnostics;
using Broker.ClusterBenchmarks.Speech;
using Broker.TestKit.Deployments;

namespace Broker.ClusterBenchmarks;

/// <summary>A node of three is disturbed while a second publishes into channels that it owns, and a third follows them.</summary>
internal static class TakeOver
{
    private const int Channels = 20;
    private const int PerSecond = 500;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(2);

    public static async Task MeasureAsync(Options options, Disturbance disturbance)
    {
        await using var cluster = await DeployedCluster.StartAsync(new DeploymentOptions());
        Console.WriteLine(Title(disturbance));
        await MeasureAsync(cluster, options.Runs, disturbance, static run => run % 3);
    }

    /// <param name="victimOf">Which node a run disturbs.</param>
    public static async Task MeasureAsync(DeployedCluster cluster, int runs, Disturbance disturbance, Func<int, int> victimOf)
    {
        var figures = new Gathered();
        for (var run = 0; run < runs; run++)
        {
            await RunAsync(cluster, victimOf(run), disturbance, figures);
        }

        Console.WriteLine(Figures.Head($"  {runs} times, {Channels} channels each, {PerSecond} publishes/s"));
        if (disturbance != Disturbance.Leave)
        {
            Console.WriteLine(Figures.Line("until a publish of after it is acknowledged", figures.Answers));
            Console.WriteLine(Figures.Line("until an event of after it is on a third node", figures.Arrivals));
        }

        Console.WriteLine(Figures.Line("what publishes waited meanwhile", figures.Waits, "0.0"));
        Console.WriteLine($"  refused {figures.Refused}, unanswered {figures.Open}, acknowledged and not received {figures.Lost}");
    }

    private static async Task RunAsync(DeployedCluster cluster, int place, Disturbance disturbance, Gathered figures)
    {
        using var patience = new CancellationTokenSource(Patience);
        var owners = await Owners.WaitUntilSpreadAsync(cluster);
        var (victim, publishing, subscribing) = (cluster.Nodes[place], cluster.Nodes[(place + 1) % 3], cluster.Nodes[(place + 2) % 3]);
        var channels = Owners.ChannelsOf(owners, victim, Channels, $"{disturbance}-{Guid.NewGuid():N}");
        await using var probe = await Probe.OpenAsync(NativeSpeech.Instance, publishing.EndPoint, subscribing.EndPoint, channels, patience.Token);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(patience.Token);
        var publishes = probe.PublishAsync(PerSecond, stop.Token);
        await Task.Delay(Before, patience.Token);

        var at = Stopwatch.GetTimestamp();
        await (disturbance switch
        {
            Disturbance.Kill => victim.KillAsync(),
            Disturbance.Stop => victim.SuspendAsync(),
            _ => victim.LeaveAsync(),
        });
        await probe.WaitUntilServedAsync(disturbance == Disturbance.Leave ? Stopwatch.GetTimestamp() : at, patience.Token);
        var until = Stopwatch.GetTimestamp();
        await stop.CancelAsync();
        await publishes;
        if (disturbance == Disturbance.Stop)
        {
            await victim.ResumeAsync();
        }
        else
        {
            await victim.StartAsync();
        }

        await Owners.WaitUntilSpreadAsync(cluster);
        figures.Answers.AddRange(probe.AnswerGaps(at));
        figures.Arrivals.AddRange(probe.ArrivalGaps(at));
        figures.Waits.AddRange(probe.AnswerTimes(at, until));
        var (refused, open, lost) = probe.Losses(at, until);
        (figures.Refused, figures.Open, figures.Lost) = (figures.Refused + refused, figures.Open + open, figures.Lost + lost);
    }

    private static string Title(Disturbance disturbance) => disturbance switch
    {
        Disturbance.Kill => "A node is killed",
        Disturbance.Stop => "A node stands still",
        _ => "A node leaves in good order",
    };

    private sealed class Gathered
    {
        public List<long> Answers { get; } = [];

        public List<long> Arrivals { get; } = [];

        public List<long> Waits { get; } = [];

        public int Refused { get; set; }

        public int Open { get; set; }

        public int Lost { get; set; }
    }
}
