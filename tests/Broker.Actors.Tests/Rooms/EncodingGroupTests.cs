using System.Globalization;
using System.Text;
using Broker.Actors.Loops;
using Broker.Actors.Rooms;
using Broker.Messages;
using Broker.TestKit.Nodes;

namespace Broker.Actors.Tests.Rooms;

public class EncodingGroupTests
{
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Group_WithRandomJoinsLeavesAndSlices_GivesEveryMemberItsFramesOnceAndInOrder(int seed)
    {
        var random = new Random(seed);
        using var node = TestNode.Turned();
        var clients = Enumerable.Range(0, 40).Select(_ => node.Connect()).ToArray();
        node.Turn();
        var loop = node.Node.Loops[0];
        var key = new EncodingKey(node.Dialect, 0, node.Framing);
        var group = new EncodingGroup(key);
        var wanted = clients.ToDictionary(client => client, _ => new List<string>());
        var members = new Dictionary<TestClient, (Subscription Subscription, int From)>();
        var frames = new List<(int Number, TestClient? Except)>();
        for (var tick = 0; tick < 150; tick++)
        {
            for (var act = random.Next(6); act > 0; act--)
            {
                var client = clients[random.Next(clients.Length)];
                switch (random.Next(5))
                {
                    case 0 when !members.ContainsKey(client):
                        var added = new Subscription(client.Session, new ChannelName("default", "c"), key, member: null);
                        group.Add(added);
                        members.Add(client, (added, frames.Count));
                        break;
                    case 1 when members.Remove(client, out var left):
                        group.Remove(left.Subscription);
                        wanted[client].AddRange(Due(left.From, client).Select(line => "?" + line));   // it may have got these
                        break;
                    case 2 when members.TryGetValue(client, out var behind):
                        group.CatchUp(behind.Subscription);
                        break;
                    case 3 or 4:
                        var except = random.Next(3) == 0 && members.ContainsKey(client) ? client : null;
                        group.Add(Frame($"{frames.Count}\n"), except is null ? null : members[except].Subscription);
                        frames.Add((frames.Count, except));
                        break;
                }
            }

            if (group.HasWork)
            {
                group.FanOut(loop.Log, slice: random.Next(1, 12));
            }

            node.Turn();   // flushes, and the log's bytes end
        }

        while (group.HasWork)
        {
            group.FanOut(loop.Log, slice: 5);
            node.Turn();
        }

        foreach (var (client, member) in members)
        {
            wanted[client].AddRange(Due(member.From, client));
        }

        foreach (var client in clients)
        {
            ShouldFit(client.Lines.All, wanted[client], $"seed {seed}");
        }

        group.Count.ShouldBe(members.Count);

        IEnumerable<string> Due(int from, TestClient client) => frames.Skip(from)
            .Where(frame => frame.Except != client)
            .Select(frame => frame.Number.ToString(CultureInfo.InvariantCulture));
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 60)];

    [Fact]
    public void FanOut_WhenAMemberIsClosedAsSlow_PassesNobodyOver()
    {
        using var node = TestNode.Turned(loops: 1, new LocalNodeOptions { Shards = 16, OutboxBytes = 1_000 });
        var clients = Enumerable.Range(0, 50).Select(_ => node.Connect()).ToArray();
        foreach (var client in clients)
        {
            client.Subscribe("c");
        }

        node.Turn();
        foreach (var slow in clients.Where((_, i) => i % 3 == 0))
        {
            slow.Transport.Window = 0;
        }

        clients[1].Emit("c", new string('1', 2_000));
        clients[1].Emit("c", "2");
        node.Turn();

        clients.Where((_, i) => i % 3 == 0).Count(client => client.Transport.Reason == Actors.Sessions.Disconnect.Slow).ShouldBe(17);
        clients.Where((_, i) => i % 3 != 0).Count(client => client.Events is [_, "c#2 e=2"]).ShouldBe(33);
        node.Node.Counters.SlowSessions.Value.ShouldBe(17);
        node.Node.Outboxes.UsedBytes.ShouldBe(0);
    }

    private static FrameSlice Frame(string text) => new(Encoding.UTF8.GetBytes(text), 0, text.Length);

    /// <summary>Lines that begin with a question mark may be missing from some point on: their member left meanwhile.</summary>
    private static void ShouldFit(string[] got, List<string> wanted, string what)
    {
        var at = 0;
        foreach (var line in wanted)
        {
            var isOptional = line[0] == '?';
            if (at < got.Length && got[at] == line.TrimStart('?'))
            {
                at++;
            }
            else
            {
                isOptional.ShouldBeTrue($"{what}: {line} is missing after {at} of {string.Join(' ', got)}");
            }
        }

        at.ShouldBe(got.Length, what);
    }
}
