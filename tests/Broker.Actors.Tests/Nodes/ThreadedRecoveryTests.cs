using System.Globalization;
using Broker.Actors.Channels;
using Broker.Actors.Sessions;
using Broker.Messages;
using Broker.TestKit.Nodes;

namespace Broker.Actors.Tests.Nodes;

/// <summary>What the hand-turned schedules show, on real threads, where any interleaving may come.</summary>
public class ThreadedRecoveryTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Clients_ThatReconnectWithTheirPosition_MissNothingAndGetNothingTwice(int seed)
    {
        const int Loops = 4;
        const int Lives = 12;
        const int Clients = 16;
        using var node = TestNode.Threaded(Loops, rules: TestNode.Rule("*", new ChannelOptions { HistorySize = 100_000, HistoryBytes = 64 << 20 }));
        var channel = node.ChannelOn(seed % Loops);
        using var stop = new CancellationTokenSource();
        var publishers = Enumerable.Range(0, 3).Select(i => PublishAsync(node.Connect(i), channel, stop.Token)).ToArray();
        var readers = Enumerable.Range(0, Clients).Select(i => ReadAsync(node, channel, Lives, new Random((seed * 1_000) + i))).ToArray();
        var read = await Task.WhenAll(readers);
        await stop.CancelAsync();
        await Task.WhenAll(publishers);

        var all = read.SelectMany(events => events).GroupBy(item => item.Offset).ToArray();
        all.Count(same => same.Distinct().Count() != 1).ShouldBe(0, $"seed {seed}: one offset, two events");
        foreach (var events in read)
        {
            Reader.ShouldBeWhole([.. events.Select(item => item.Offset)], events[0].Offset - 1, events[^1].Offset, $"seed {seed}");
        }
    }

    private static async Task PublishAsync(TestClient client, string channel, CancellationToken stop)
    {
        for (var i = 1; !stop.IsCancellationRequested; i++)
        {
            client.Emit(channel, i.ToString(CultureInfo.InvariantCulture));
            if (i % 20 == 0)
            {
                await client.Lines.WaitForAsync(i);   // as fast as it is answered, not faster
            }
        }
    }

    /// <summary>Comes, takes some events, goes, and comes back with the last position, on any loop.</summary>
    private static async Task<List<(long Offset, string Data)>> ReadAsync(TestNode node, string channel, int lives, Random random)
    {
        var taken = new List<(long Offset, string Data)>();
        Position? since = null;
        for (var life = 0; life < lives; life++)
        {
            var client = node.Connect(random.Next(node.Node.Loops.Count));
            client.Subscribe(channel, since, call: "in");
            var wanted = random.Next(1, 40);
            await client.Lines.WaitForAsync(1 + wanted);
            switch (random.Next(3))
            {
                case 0: client.Leave(clean: false); break;
                case 1: client.Close(Disconnect.ByOperator); break;
                default: client.Unsubscribe(channel, "out"); break;
            }

            await client.DoAsync(_ => { });   // behind it: nothing comes any more
            var lines = client.Lines.All;
            lines[0].ShouldStartWith("ok sub in");
            if (life > 0)
            {
                lines[0].ShouldEndWith("recovered");
            }

            var events = Reader.EventsOf(lines, channel);
            taken.AddRange(events);
            since = new Position(client.Dialect.LastSubscribed.Position.Epoch, events[^1].Offset);
        }

        return taken;
    }
}
