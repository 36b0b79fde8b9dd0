using System.Diagnostics;
using System.Globalization;
using Broker.Actors.Cluster;
using Broker.Actors.Rights;
using Broker.Messages;
using Broker.TestKit.Servers;

namespace Broker.ClusterBenchmarks;

/// <summary>
/// The owner of a channel with many members changes. Two nodes in this process, over a real RabbitMQ and PostgreSQL; sessions without
/// sockets, whose dialect says nothing of members: with real ones each of so many would be told of every other.
/// </summary>
internal static class MemberMoves
{
    public static readonly ChannelName Channel = new(Owners.App, "crowd");
    private static readonly Identity Backend = new Identity.Backend(Owners.App);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static async Task MeasureAsync(Options options)
    {
        await using var rabbitMq = await RabbitMqServer.StartAsync();
        await using var postgreSql = await PostgreSqlServer.StartAsync();
        Console.WriteLine("The owner of a channel with members changes, by order; two nodes, half of the members on each");
        Console.WriteLine($"  {"members",10} {"bytes each",11} {"moved ms",10} {"publish ms",11} {"whole ms",10} {"bus bytes",12} {"largest heap MiB",17} {"resets",7}");
        foreach (var members in options.Members)
        {
            await MeasureAsync(members, Math.Min(options.Runs, 3), rabbitMq, postgreSql);
        }
    }

    private static async Task MeasureAsync(int members, int runs, RabbitMqServer rabbitMq, PostgreSqlServer postgreSql)
    {
        var database = string.Create(CultureInfo.InvariantCulture, $"crowd{members}");
        await postgreSql.CreateDatabaseAsync(database);
        await using var one = await JoinedNode.StartAsync("n0", members, rabbitMq, postgreSql.ConnectionString(database));
        await using var other = await JoinedNode.StartAsync("n1", members, rabbitMq, postgreSql.ConnectionString(database));
        using var patience = new CancellationTokenSource(Patience);
        await UntilAsync(() => Math.Min(one.Node.OwnedShardCount, other.Node.OwnedShardCount) > one.Node.ShardCount / 4, patience.Token);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await one.FillAsync(0, members / 2);
        await other.FillAsync(members / 2, members);
        await WaitUntilWholeAsync(members, one, other, patience.Token);
        var bytesEach = (GC.GetTotalMemory(forceFullCollection: true) - before) / members;
        for (var run = 0; run < runs; run++)
        {
            await MoveAsync(members, bytesEach, one, other, patience.Token);
        }
    }

    private static async Task MoveAsync(int members, long bytesEach, JoinedNode one, JoinedNode other, CancellationToken cancellationToken)
    {
        // Both have to know each other's fill of the shard before it may go.
        var (from, to) = one.Node.Shards.Of(Channel).IsOwner ? (one, other) : (other, one);
        var sent = one.Bus.Counters.BytesSent.Value + other.Bus.Counters.BytesSent.Value;
        var resets = one.Node.Counters.LinkResets.Value + other.Node.Counters.LinkResets.Value;
        using var watching = new CancellationTokenSource();
        var largest = WatchHeapAsync(watching.Token);
        var began = Stopwatch.GetTimestamp();
        var outcome = await from.Node.MoveAsync(ShardId.Of(Channel, from.Node.ShardCount), to.Node.Self);
        if (outcome != OrderOutcome.Done)
        {
            throw new InvalidOperationException($"The shard does not move: {outcome}");
        }

        var moved = Stopwatch.GetElapsedTime(began);
        EmitResult emitted;
        do
        {
            emitted = await from.Node.Ingress.EmitAsync(Backend, Channel, "e", "1"u8.ToArray());
        }
        while (emitted.Refusal != Refusal.None);
        var published = Stopwatch.GetElapsedTime(began);
        await WaitUntilWholeAsync(members, to, from, cancellationToken);   // the owner first: what it lacks is not asked for over the bus
        var whole = Stopwatch.GetElapsedTime(began);
        await watching.CancelAsync();
        var heap = await largest;
        sent = one.Bus.Counters.BytesSent.Value + other.Bus.Counters.BytesSent.Value - sent;
        resets = one.Node.Counters.LinkResets.Value + other.Node.Counters.LinkResets.Value - resets;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {members,10:N0} {bytesEach,11:N0} {moved.TotalMilliseconds,10:0} {published.TotalMilliseconds,11:0} {whole.TotalMilliseconds,10:0} {sent,12:N0} {heap >> 20,17:N0} {resets,7}"));
    }

    /// <summary>Until both nodes tell of every member.</summary>
    private static async Task WaitUntilWholeAsync(int members, JoinedNode first, JoinedNode then, CancellationToken cancellationToken)
    {
        foreach (var node in new[] { first, then })
        {
            while ((await node.Node.Ingress.PresenceAsync(Backend, Channel)) is not { Refusal: Refusal.None } page || page.Members.Count != members)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), cancellationToken);
            }
        }
    }

    private static async Task<long> WatchHeapAsync(CancellationToken cancellationToken)
    {
        var largest = 0L;
        while (!cancellationToken.IsCancellationRequested)
        {
            largest = Math.Max(largest, GC.GetTotalMemory(forceFullCollection: false));
            await Task.Delay(TimeSpan.FromMilliseconds(10), cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return largest;
    }

    private static async Task UntilAsync(Func<bool> condition, CancellationToken cancellationToken)
    {
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
        }
    }
}
