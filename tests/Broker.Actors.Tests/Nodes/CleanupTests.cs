using Broker.Actors.Sessions;
using Broker.TestKit.Nodes;

namespace Broker.Actors.Tests.Nodes;

/// <summary>A session that ends, in whatever state, leaves nothing behind.</summary>
public class CleanupTests
{
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Sessions_ThatEndAtRandomMoments_LeaveNothingBehind(int seed)
    {
        var random = new Random(seed);
        using var node = TestNode.Turned(loops: 3, new LocalNodeOptions { Shards = 16, Shard = new() { MailboxEmits = 3 } });
        var clients = new List<TestClient>();
        for (var step = 0; step < 500; step++)
        {
            if (clients.Count < 10 || random.Next(10) == 0)
            {
                clients.Add(node.Connect(random.Next(3)));
            }

            var client = clients[random.Next(clients.Count)];
            var channel = $"c{random.Next(6)}";
            switch (random.Next(9))
            {
                case 0 or 1: client.Subscribe(channel); break;
                case 2: client.Subscribe(channel, member: $"u{random.Next(4)}"); break;
                case 3: client.Unsubscribe(channel); break;
                case 4 or 5: client.Emit(channel, "1"); break;
                case 6: client.History(channel); break;
                case 7: client.Presence(channel); break;
                default:
                    clients.Remove(client);
                    switch (random.Next(3))
                    {
                        case 0: client.Leave(clean: true); break;
                        case 1: client.Leave(clean: false); break;
                        default: client.Close(random.Next(2) == 0 ? Disconnect.Normal : Disconnect.Slow); break;
                    }

                    break;
            }

            node.TurnSome(random, random.Next(3));
        }

        foreach (var client in clients)
        {
            client.Leave(clean: random.Next(2) == 0);
        }

        node.Turn();
        node.Node.SessionCount.ShouldBe(0, $"seed {seed}");
        node.Node.Rosters.Sum(roster => roster.Sessions.Count).ShouldBe(0, $"seed {seed}");
        node.Node.Rosters.Sum(roster => roster.Rooms.Count).ShouldBe(0, $"seed {seed}");
        node.Node.Outboxes.UsedBytes.ShouldBe(0, $"seed {seed}");
        node.Node.Shards.All.ShouldAllBe(shard => shard.Mailbox.Emits == 0 && shard.Mailbox.Bytes == 0);
        node.Pass(TimeSpan.FromSeconds(4));   // the grace of those who were lost
        var asking = node.Connect();
        for (var i = 0; i < 6; i++)
        {
            asking.Presence($"c{i}");
        }

        node.Turn();
        asking.Lines.All.ShouldBe(Enumerable.Range(0, 6).Select(i => $"presence c{i} None [] 0 of 0"), ignoreOrder: true, $"seed {seed}");
        asking.Leave(clean: true);
        node.Pass(TimeSpan.FromMinutes(8));
        node.Node.Shards.All.Sum(shard => shard.RoomCount).ShouldBe(0, $"seed {seed}");
        node.Node.Shards.All.Sum(shard => shard.ChannelCount).ShouldBe(0, $"seed {seed}");
        node.Node.History.UsedBytes.ShouldBe(0, $"seed {seed}");
        node.Node.Loops.All.ShouldAllBe(loop => loop.Wheel.NextDelayMs(loop.NowMs) == -1);
        node.Node.Counters.SessionsOpened.Sum.ShouldBe(node.Node.Counters.SessionsClosed.Sum);
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 15)];

    [Fact]
    public void Room_WithoutSubscribers_LingersAndGoes()
    {
        using var node = TestNode.Turned();
        var client = node.Connect();
        client.Subscribe("c");
        client.Unsubscribe("c");
        node.Pass(TimeSpan.FromSeconds(4.9));
        node.Node.Shards.All.Sum(shard => shard.RoomCount).ShouldBe(1);
        node.Pass(TimeSpan.FromSeconds(0.3));
        node.Node.Shards.All.Sum(shard => shard.RoomCount).ShouldBe(0);
        client.Subscribe("c", call: "again");
        client.Emit("c", "1");
        node.Turn();

        client.Lines.All[^3..].ShouldBe(["ok sub again @0", "c#1 e=1", "ok emit 1 @1"]);
    }

    [Fact]
    public void Room_WhoseFirstMemberIsRefused_Goes()
    {
        using var node = TestNode.Turned(rules: TestNode.Rule("*", new Actors.Channels.ChannelOptions { MaxMembers = 0 }));
        var client = node.Connect();
        client.Subscribe("c", member: "ann");
        node.Turn();
        client.Lines.All.ShouldBe(["no sub c TooManyMembers"]);
        node.Pass(TimeSpan.FromSeconds(20));

        node.Node.Shards.All.Sum(shard => shard.RoomCount).ShouldBe(0);
        node.Node.Shards.All.Sum(shard => shard.ChannelCount).ShouldBe(0);
        client.Subscribe("c", call: "plain");
        node.Turn();
        client.Lines.All[^1].ShouldBe("ok sub plain @0");
    }

    [Fact]
    public async Task CloseAll_WithSessionsOnEveryLoop_ClosesThemAll()
    {
        using var node = TestNode.Threaded(loops: 3);
        var clients = Enumerable.Range(0, 30).Select(i => node.Connect(i % 3)).ToArray();
        foreach (var client in clients)
        {
            client.Subscribe("c");
            await client.Lines.WaitForAsync("ok sub c @0");
        }

        await node.Node.CloseAllAsync(Disconnect.Shutdown);
        foreach (var client in clients)
        {
            await client.Transport.Fate.WaitForAsync("gone");
        }

        clients.ShouldAllBe(client => client.Transport.Reason == Disconnect.Shutdown);
        node.Node.SessionCount.ShouldBe(0);
    }
}
