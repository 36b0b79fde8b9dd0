using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Broker.TestKit.Deployments;
using Broker.TestKit.WebSockets;

namespace Broker.ClusterBenchmarks;

/// <summary>Publishes on one node of two, in batches, to one subscriber per channel on the other.</summary>
internal static class Throughput
{
    private const int Channels = 20;
    private const int Batch = 100;
    private const int PayloadBytes = 128;
    private const int MaxUnderWay = 50_000;

    private static readonly TimeSpan Warmup = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task MeasureAsync(Options options)
    {
        await using var cluster = await DeployedCluster.StartAsync(new DeploymentOptions { Nodes = 2 });
        var owners = await Owners.WaitUntilSpreadAsync(cluster);
        string[] channels =
        [
            .. Owners.ChannelsOf(owners, cluster.Nodes[0], Channels / 2, "flood-0"), .. Owners.ChannelsOf(owners, cluster.Nodes[1], Channels / 2, "flood-1"),
        ];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"From node to node, {options.Flood:N0} publishes/s asked for, {Channels} channels with history, batches of {Batch} notifications, {PayloadBytes}-byte payloads, at most {MaxUnderWay:N0} under way, {options.Seconds} s"));

        using var over = new CancellationTokenSource();
        var received = 0L;
        var subscribers = await OpenAsync(cluster.Nodes[1], channels);
        var reading = subscribers.Select(subscriber => Task.Run(() => ReadAsync(subscriber))).ToArray();
        using var publisher = await CrowdClient.OpenAsync(new IPEndPoint(IPAddress.Loopback, cluster.Nodes[0].Port), "/rpc");
        byte[][] frames = [.. channels.Select(Frame)];

        await FloodAsync(options.Flood, Warmup);
        var before = await LookAsync(cluster);
        var began = Stopwatch.GetTimestamp();
        var count = await FloodAsync(options.Flood, TimeSpan.FromSeconds(options.Seconds));
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var after = await LookAsync(cluster);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {count / seconds,12:N0} publishes/s received, {(after.Messages - before.Messages) / (double)count:0.0000} RabbitMQ messages and {(after.Bytes - before.Bytes) / count:0} bytes per publish, {count / (after.CpuSeconds - before.CpuSeconds):N0} publishes per CPU-second of both nodes"));
        await over.CancelAsync();
        Array.ForEach(subscribers, subscriber => subscriber.Dispose());
        await Task.WhenAll(reading);

        async Task ReadAsync(CrowdClient subscriber)
        {
            try
            {
                await subscriber.ReadAsync(_ => Interlocked.Increment(ref received) >= 0, over.Token);
            }
            catch (Exception gone) when (gone is OperationCanceledException or ObjectDisposedException or System.Net.Sockets.SocketException)
            {
                // Measured.
            }

            if (!over.IsCancellationRequested)
            {
                Console.WriteLine($"  A subscriber was closed with {subscriber.CloseCode}.");
            }
        }

        async Task<long> FloodAsync(int perSecond, TimeSpan duration)
        {
            var start = Stopwatch.GetTimestamp();
            var (sent, base0) = (0L, Interlocked.Read(ref received));
            for (var next = 0; Stopwatch.GetElapsedTime(start) < duration; next++)
            {
                while (sent - (Interlocked.Read(ref received) - base0) >= MaxUnderWay || sent > Stopwatch.GetElapsedTime(start).TotalSeconds * perSecond)
                {
                    Thread.Sleep(1);
                    if (Stopwatch.GetElapsedTime(start) >= duration)
                    {
                        break;
                    }
                }

                await publisher.SendBytesAsync(frames[next % frames.Length]);
                sent += Batch;
            }

            while (Interlocked.Read(ref received) - base0 < sent)
            {
                if (Stopwatch.GetElapsedTime(start) > duration + Patience)
                {
                    throw new InvalidOperationException($"{sent - (Interlocked.Read(ref received) - base0)} of {sent} events have not arrived.");
                }

                Thread.Sleep(1);
            }

            return sent;
        }
    }

    private static async Task<CrowdClient[]> OpenAsync(DeployedNode node, string[] channels)
    {
        var clients = await CrowdClient.OpenManyAsync(channels.Length, new IPEndPoint(IPAddress.Loopback, node.Port), "/rpc");
        for (var i = 0; i < channels.Length; i++)
        {
            await clients[i].SendAsync($$$"""{"jsonrpc":"2.0","id":1,"method":"subscribe","params":{"channel":"{{{channels[i]}}}"}}""");
            await clients[i].ReceiveAsync();
        }

        return clients;
    }

    private static byte[] Frame(string channel)
    {
        var one = $$$"""{"jsonrpc":"2.0","method":"publish","params":{"channel":"{{{channel}}}","event":"e","data":"{{{new string('x', PayloadBytes - 2)}}}"}}""";
        return ClientFrame.Text(Encoding.ASCII.GetBytes($"[{string.Join(',', Enumerable.Repeat(one, Batch))}]"));
    }

    private static async Task<(double Messages, double Bytes, double CpuSeconds)> LookAsync(DeployedCluster cluster)
    {
        var (messages, bytes, cpu) = (0.0, 0.0, 0.0);
        foreach (var node in cluster.Nodes)
        {
            messages += await NodeFigures.MetricAsync(node, "broker_bus_messages_sent_total");
            bytes += await NodeFigures.MetricAsync(node, "broker_bus_sent_bytes_total");
            cpu += NodeFigures.CpuSeconds(node);
        }

        return (messages, bytes, cpu);
    }
}
