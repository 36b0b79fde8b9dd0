using System.Diagnostics;
using System.Globalization;
using Broker.ClusterBenchmarks.Subjects;

namespace Broker.ClusterBenchmarks;

/// <summary>From a publish on one server to its event at a subscriber of another, by where the channel's owner is and what it keeps.</summary>
internal static class Latency
{
    private const int Channels = 10;

    private static readonly TimeSpan Warmup = TimeSpan.FromSeconds(3);

    /// <summary>Before the first line: .NET compiles again what runs often, beside what it serves.</summary>
    private static readonly TimeSpan FirstWarmup = TimeSpan.FromSeconds(15);

    public static async Task MeasureAsync(Options options)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"From node to node at {options.Rate:N0} publishes/s, {Channels} channels, {options.Seconds} s"));
        Console.WriteLine(Figures.Head("  what the machine adds by itself"));
        Console.WriteLine(Figures.Line("nothing runs: a thread that sleeps 1 ms is late by", Oversleep(), "0.00"));
        var bySubject = new List<IReadOnlyList<Measured>>();
        foreach (var start in SubjectsToMeasure.Beside(options.Peer))
        {
            await using var subject = await start(options.Nodes);
            bySubject.Add(await MeasureAsync(subject, options));
        }

        if (bySubject is [var broker, [var peer]])
        {
            Compare(broker, peer);
        }
    }

    private static async Task<IReadOnlyList<Measured>> MeasureAsync(ISubject subject, Options options)
    {
        Console.WriteLine($"  {subject.Name}: {subject.About}");
        Console.WriteLine(Figures.Head("  as the clients see it"));
        var measured = new List<Measured>();
        foreach (var set in subject.SetsByOwner(Channels))
        {
            await using var probe = await Probe.OpenAsync(subject.Speech, subject.Servers[0], subject.Servers[1], set.Channels, CancellationToken.None);
            using var stop = new CancellationTokenSource();
            var publishing = probe.PublishAsync(options.Rate, stop.Token);
            await Task.Delay(measured.Count == 0 ? FirstWarmup : Warmup);
            var began = Stopwatch.GetTimestamp();
            await Task.Delay(TimeSpan.FromSeconds(options.Seconds));
            var until = Stopwatch.GetTimestamp();
            await Task.Delay(TimeSpan.FromSeconds(1));
            await stop.CancelAsync();
            await publishing;
            var arrivals = probe.ArrivalTimes(began, until);
            Console.WriteLine(Figures.Line($"{set.Name}: to its event", arrivals, "0.00"));
            Console.WriteLine(Figures.Line($"{set.Name}: to its answer", probe.AnswerTimes(began, until), "0.00"));
            var (refused, open, lost) = probe.Losses(began, until);
            if (refused + open + lost > 0)
            {
                Console.WriteLine($"  {set.Name}: REFUSED {refused}, UNANSWERED {open}, ANSWERED AND NOT RECEIVED {lost}");
            }

            measured.Add(new Measured(set, arrivals));
        }

        return measured;
    }

    /// <summary>How late one thread is that has the machine to itself: nothing that takes several wakes can be better.</summary>
    private static List<long> Oversleep()
    {
        var late = new List<long>();
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < Warmup;)
        {
            var asleep = Stopwatch.GetTimestamp();
            Thread.Sleep(1);
            late.Add(Stopwatch.GetTimestamp() - asleep - (Stopwatch.Frequency / 1_000));
        }

        return late;
    }

    /// <summary>Events alone: an answer of a peer's is its own server's and says nothing of the others, where the broker's comes from the channel's owner.</summary>
    private static void Compare(IReadOnlyList<Measured> broker, Measured peer)
    {
        Console.WriteLine($"{$"  {peer.Set.Name}'s time to the event, as a multiple of:",-56} {"median",10} {"p99",10} {"worst",10}");
        foreach (var one in broker)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {one.Set.Name,-54} {Ratio(0.5),10:0.00} {Ratio(0.99),10:0.00} {Ratio(1),10:0.00}"));

            double Ratio(double share) => Figures.Percentile(peer.Arrivals, share) / Figures.Percentile(one.Arrivals, share);
        }
    }

    private sealed record Measured(ChannelSet Set, IReadOnlyCollection<long> Arrivals);
}
