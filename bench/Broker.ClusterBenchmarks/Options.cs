using System.Globalization;
using Broker.ClusterBenchmarks.Subjects;

namespace Broker.ClusterBenchmarks;

/// <summary>What to measure, and how much of it.</summary>
internal sealed record Options
{
    public const string Usage = """
        usage: bench/cluster [options] [kill|stop|leave|latency|throughput|channels|members|amqp ...]

        What to measure; everything when nothing is named
          kill         how long channels of a node that is killed are without an owner
          stop         the same of one that stands still
          leave        the slowest publish while a node leaves in good order
          latency      from a publish on one node to its event on another, at a rate
          throughput   publishes on one node to subscribers on another, in batches, with messages between nodes per publish
          channels     memory per idle channel, and kill again with so many
          members      the owner of a channel with many members changes
          amqp         what a backend publishes over AMQP in a second, and over HTTP

          --peer socketio     latency and throughput of Socket.IO with its Redis adapter too, and the ratios
          --runs N            disturbances of each sort, and turns of amqp (5)
          --rate R            publishes a second of latency (1000)
          --nodes N           nodes, or servers of the peer, of latency: 2 or 3 (3)
          --flood R           publishes a second of throughput (100000)
          --seconds S         how long latency, throughput and each turn of amqp are measured (10)
          --channels LIST     numbers of idle channels (1000,100000,1000000)
          --members LIST      numbers of members (1000,10000,100000)

        The exit status is 0, or another when something broke. No figure decides it.
        """;

    public IReadOnlyList<string> What { get; private init; } = [];

    /// <summary>What is measured beside the broker; null for nothing.</summary>
    public string? Peer { get; private init; }

    public int Runs { get; private init; } = 5;

    public int Rate { get; private init; } = 1_000;

    public int Nodes { get; private init; } = 3;

    public int Flood { get; private init; } = 100_000;

    public int Seconds { get; private init; } = 10;

    public IReadOnlyList<int> Channels { get; private init; } = [1_000, 100_000, 1_000_000];

    public IReadOnlyList<int> Members { get; private init; } = [1_000, 10_000, 100_000];

    /// <returns>Null where the arguments say nothing that can be done.</returns>
    public static Options? Read(string[] arguments, IReadOnlyCollection<string> names)
    {
        var options = new Options();
        var what = new List<string>();
        for (var i = 0; i < arguments.Length; i++)
        {
            if (!arguments[i].StartsWith("--", StringComparison.Ordinal))
            {
                if (!names.Contains(arguments[i]))
                {
                    return null;
                }

                what.Add(arguments[i]);
                continue;
            }

            if (i + 1 == arguments.Length || With(options, arguments[i], arguments[i + 1]) is not { } next)
            {
                return null;
            }

            options = next;
            i++;
        }

        return options with { What = what.Count > 0 ? what : [.. names] };
    }

    private static Options? With(Options options, string name, string value)
    {
        if (name == "--peer")
        {
            return SubjectsToMeasure.Peers.Contains(value) ? options with { Peer = value } : null;
        }

        return Numbers(value) is [var number, ..] numbers ? With(options, name, number, numbers) : null;
    }

    private static Options? With(Options options, string name, int number, int[] numbers) => name switch
    {
        "--runs" => options with { Runs = number },
        "--rate" => options with { Rate = number },
        "--flood" => options with { Flood = number },
        "--nodes" => number is 2 or 3 ? options with { Nodes = number } : null,
        "--seconds" => options with { Seconds = number },
        "--channels" => options with { Channels = numbers },
        "--members" => options with { Members = numbers },
        _ => null,
    };

    /// <returns>Empty for what is no list of numbers above 0.</returns>
    private static int[] Numbers(string text)
    {
        var numbers = new List<int>();
        foreach (var part in text.Split(','))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1)
            {
                return [];
            }

            numbers.Add(number);
        }

        return [.. numbers];
    }
}
