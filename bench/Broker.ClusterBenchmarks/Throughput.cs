using System.Globalization;
using Broker.ClusterBenchmarks.Subjects;

namespace Broker.ClusterBenchmarks;

/// <summary>Publishes on one server of two, in batches, to one subscriber per channel on the other.</summary>
internal static class Throughput
{
    private const int Servers = 2;
    private const int Channels = 20;

    public static async Task MeasureAsync(Options options)
    {
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"From node to node, {options.Flood:N0} publishes/s asked for, {Channels} channels, batches of {Flood.Batch} that are not answered, {Flood.PayloadBytes}-byte payloads, at most {Flood.MaxUnderWay:N0} under way, {options.Seconds} s"));
        var bySubject = new List<IReadOnlyList<Flooded>>();
        foreach (var start in SubjectsToMeasure.Beside(options.Peer))
        {
            await using var subject = await start(Servers);
            Console.WriteLine($"  {subject.Name}: {subject.About}");
            Console.WriteLine(Flooded.Head);
            var measured = new List<Flooded>();
            foreach (var set in subject.SetsByKind(Channels))
            {
                measured.Add(await Flood.MeasureAsync(subject, set, options));
                Console.WriteLine(measured[^1].Line(options.Flood));
            }

            bySubject.Add(measured);
        }

        if (bySubject is [var broker, [var peer]])
        {
            Compare(broker, peer);
        }
    }

    private static void Compare(IReadOnlyList<Flooded> broker, Flooded peer)
    {
        Console.WriteLine($"{$"  as a multiple of {peer.Set.Name}'s",-24} {"received/s",12} {"",6} {"per CPU-s",12} {"with the bus",12}");
        foreach (var one in broker)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {one.Set.Name,-22} {one.PerSecond / peer.PerSecond,12:0.00} {"",6} {one.PerServerCpuSecond / peer.PerServerCpuSecond,12:0.00} {one.PerCpuSecond / peer.PerCpuSecond,12:0.00}"));
        }
    }
}
