using System.Globalization;
using System.Text;
using Broker.TestKit.Deployments;
using Broker.TestKit.WebSockets;

namespace Broker.ClusterBenchmarks;

/// <summary>Channels that have subscribers and no traffic: what they cost in memory, and what they do to a take-over.</summary>
internal static class IdleChannels
{
    private const int Batch = 250;
    private const int SessionsPerNode = 4;

    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(8);

    public static async Task MeasureAsync(Options options)
    {
        foreach (var channels in options.Channels)
        {
            await MeasureAsync(channels, Math.Min(options.Runs, 3));
            Console.WriteLine();
        }
    }

    private static async Task MeasureAsync(int channels, int runs)
    {
        await using var cluster = await DeployedCluster.StartAsync(new DeploymentOptions
        {
            Settings =
            [
                ("Broker__Limits__Subscriptions", "1000000"),
                ("Broker__Limits__HistoryMemory", "8589934592"),
                ("Broker__Limits__Memory", "17179869184"),
            ],
        });
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{channels:N0} channels, each with one subscriber, on three nodes"));
        await Owners.WaitUntilSpreadAsync(cluster);

        // On two of the nodes: the third one is killed afterwards, with what it owns.
        var sessions = new List<CrowdClient>();
        foreach (var node in cluster.Nodes.Take(2))
        {
            sessions.AddRange(await CrowdClient.OpenManyAsync(SessionsPerNode, node.EndPoint, "/rpc"));
        }

        var before = await LookAsync(cluster);
        await ForAllAsync(sessions, channels, channel => $$$"""{"jsonrpc":"2.0","id":1,"method":"subscribe","params":{"channel":"idle-{{{channel}}}"}}""");
        await MeanwhileAsync(sessions, () => TellAsync(cluster, "subscribed", before, channels, runs));

        await MeanwhileAsync(sessions, () => Owners.WaitUntilSpreadAsync(cluster));   // what was killed is back, and gets its shards back
        await ForAllAsync(sessions, channels, channel => $$$"""{"jsonrpc":"2.0","id":1,"method":"publish","params":{"channel":"idle-{{{channel}}}","event":"e","data":"0123456789abcdef"}}""");
        await MeanwhileAsync(sessions, () => TellAsync(cluster, "subscribed, one event kept", before, channels, runs));
        sessions.ForEach(session => session.Dispose());
    }

    /// <summary>Says something of every channel, in batches that are answered.</summary>
    private static Task ForAllAsync(List<CrowdClient> sessions, int channels, Func<int, string> call) => Task.WhenAll(sessions.Select((session, place) => Task.Run(async () =>
    {
        for (var next = place * Batch; next < channels; next += sessions.Count * Batch)
        {
            var calls = Enumerable.Range(next, Math.Min(Batch, channels - next)).Select(call);
            await session.SendBytesAsync(ClientFrame.Text(Encoding.ASCII.GetBytes($"[{string.Join(',', calls)}]")));

            // Events come as objects, the answer of a batch as an array.
            var answer = "";
            await session.ReadAsync(message =>
            {
                if (message[0] != (byte)'[')
                {
                    return true;
                }

                answer = Encoding.UTF8.GetString(message);
                return false;
            });
            if (answer.Length == 0 || answer.Contains("\"error\"", StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"A batch failed: {(answer.Length > 400 ? answer[..400] : answer)} {session.CloseCode}");
            }
        }
    })));

    /// <summary>Sessions read on meanwhile, and answer pings.</summary>
    private static async Task MeanwhileAsync(List<CrowdClient> sessions, Func<Task> measure)
    {
        using var over = new CancellationTokenSource();
        var reading = sessions.Select(session => Task.Run(() => ReadAsync(session, over.Token))).ToArray();
        await measure();
        await over.CancelAsync();
        await Task.WhenAll(reading);
    }

    private static async Task ReadAsync(CrowdClient session, CancellationToken over)
    {
        try
        {
            await session.ReadAsync(static _ => true, over);
            throw new InvalidOperationException($"A subscriber was closed with {session.CloseCode}.");
        }
        catch (OperationCanceledException)
        {
            // Measured.
        }
    }

    private static async Task TellAsync(DeployedCluster cluster, string what, long before, int channels, int runs)
    {
        await Task.Delay(Settle);   // standbys are filled, garbage is collected as the node does it
        var after = await LookAsync(cluster);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {what}: {(after - before) / (double)channels:N0} resident bytes per channel, of all three nodes together"));
        await TakeOver.MeasureAsync(cluster, runs, Disturbance.Kill, static _ => 2);
    }

    private static async Task<long> LookAsync(DeployedCluster cluster)
    {
        await cluster.WaitUntilReadyAsync(CancellationToken.None);
        return cluster.Nodes.Sum(node => node.ResidentBytes);
    }
}
