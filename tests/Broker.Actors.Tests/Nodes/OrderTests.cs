using System.Globalization;
using Broker.Actors.Channels;
using Broker.Messages;
using Broker.TestKit.Nodes;

namespace Broker.Actors.Tests.Nodes;

/// <summary>Every subscriber of a channel gets every event after its position, once, in one and the same order.</summary>
public class OrderTests
{
    [Fact]
    public async Task Emits_OfManyPublishersOnThreads_ReachEverySubscriberOnceAndInOneOrder()
    {
        const int Subscribers = 1_000;
        const int Publishers = 8;
        const int Each = 50;
        using var node = TestNode.Threaded(loops: 4);
        var channels = new[] { node.ChannelOn(0), node.ChannelOn(1) };
        var subscribers = Enumerable.Range(0, Subscribers).Select(i => node.Connect(i % 4)).ToArray();
        foreach (var subscriber in subscribers)
        {
            subscriber.Subscribe(channels[0]);
            subscriber.Subscribe(channels[1]);
        }

        foreach (var subscriber in subscribers)
        {
            await subscriber.Lines.WaitForAsync(2);
        }

        var publishers = Enumerable.Range(0, Publishers).Select(i => node.Connect(i % 4)).ToArray();
        for (var i = 0; i < Each; i++)
        {
            for (var p = 0; p < Publishers; p++)
            {
                publishers[p].Emit(channels[0], $"{p}:{i}");
                publishers[p].Emit(channels[1], $"{p}:{i}");
            }
        }

        foreach (var client in publishers.Concat(subscribers))
        {
            await client.Lines.WaitForAsync(publishers.Contains(client) ? Each * 2 : 2 + (Publishers * Each * 2));
        }

        foreach (var channel in channels)
        {
            var first = Reader.EventsOf(subscribers[0].Lines.All, channel);
            Reader.ShouldBeWhole([.. first.Select(item => item.Offset)], after: 0, Publishers * Each, channel);
            for (var p = 0; p < Publishers; p++)
            {
                var own = first.Where(item => item.Data.StartsWith($"{p}:", StringComparison.Ordinal)).Select(item => item.Data);
                own.ShouldBe(Enumerable.Range(0, Each).Select(i => $"{p}:{i}"));
            }

            subscribers.Count(subscriber => Reader.EventsOf(subscriber.Lines.All, channel).SequenceEqual(first)).ShouldBe(Subscribers);
        }

        node.Dialect.Events.ShouldBe(Publishers * Each * 2);   // once per event, whatever the subscribers and loops
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Subscribers_ThatComeGoAndRecoverAtRandom_MissNothingAndGetNothingTwice(int seed)
    {
        var random = new Random(seed);
        var loops = random.Next(1, 4);
        using var node = TestNode.Turned(loops, rules: TestNode.Rule("*", new ChannelOptions { HistorySize = 50 }));
        var channel = node.ChannelOn(random.Next(loops));
        var publisher = node.Connect(random.Next(loops));
        var visits = new List<Visit>();
        var sent = 0;
        for (var step = 0; step < 400; step++)
        {
            switch (random.Next(10))
            {
                case 0 or 1:
                    var since = visits.Count > 0 && random.Next(2) == 0 ? visits[random.Next(visits.Count)].LastSeen() : null;
                    var visit = new Visit(node.Connect(random.Next(loops)), channel, since);
                    visit.Client.Subscribe(channel, since, call: "in");
                    visits.Add(visit);
                    break;
                case 2 when visits.Count > 0:
                    var leaver = visits[random.Next(visits.Count)];
                    switch (random.Next(3))
                    {
                        case 0: leaver.Client.Leave(clean: random.Next(2) == 0); break;
                        case 1: leaver.Client.Unsubscribe(channel, "out"); break;
                        default: leaver.Client.Close(Actors.Sessions.Disconnect.ByOperator); break;
                    }

                    leaver.HasLeft = true;
                    break;
                case < 8:
                    publisher.Emit(channel, $"{++sent}");
                    break;
                default:
                    break;
            }

            node.TurnSome(random, random.Next(4));
        }

        node.Turn();
        publisher.Lines.Count.ShouldBe(sent);
        foreach (var visit in visits)
        {
            visit.Check(sent, $"seed {seed}");
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Resubscribes_InOneTick_GetEveryEventOfTheLastSubscriptionOnce(int seed)
    {
        var random = new Random(seed);
        using var node = TestNode.Turned(loops: 2);
        var channel = node.ChannelOn(1);
        var client = node.Connect(0);
        var publisher = node.Connect(1);
        var answers = 0;
        for (var round = 0; round < 60; round++)
        {
            client.Subscribe(channel, call: $"in{round}");
            node.TurnSome(random, random.Next(3));
            publisher.Emit(channel, $"{round}");
            node.TurnSome(random, random.Next(3));
            client.Unsubscribe(channel, $"out{round}");
            answers += 2;
            node.TurnSome(random, random.Next(3));
        }

        client.Subscribe(channel, call: "last");
        node.Turn();
        publisher.Emit(channel, "a");
        publisher.Emit(channel, "b");
        node.Turn();

        // Every call is answered, in order; events come between their subscription's answers, once.
        var lines = client.Lines.All;
        lines.Count(line => line.StartsWith("ok ", StringComparison.Ordinal)).ShouldBe(answers + 1, $"seed {seed}");
        var events = Reader.EventsOf(lines, channel);
        events.Select(item => item.Offset).ShouldBeUnique();
        events.Select(item => item.Offset).ShouldBe(events.Select(item => item.Offset).Order());
        events[^2..].Select(item => item.Data).ShouldBe(["a", "b"]);
        client.Presence(channel);
        node.Turn();
        client.Dialect.LastPresence!.Subscribers.ShouldBe(1);
    }

    [Fact]
    public void Unsubscribe_WhileTheSubscribeIsUnderWay_AnswersBothInOrderAndLeavesNothing()
    {
        using var node = TestNode.Turned(loops: 2);
        var channel = node.ChannelOn(1);
        var client = node.Connect(0);
        client.Subscribe(channel, member: "ann");
        client.Unsubscribe(channel);
        client.Emit(channel, "1");
        node.Turn();

        client.Lines.All.ShouldBe([$"ok sub {channel} @0", $"ok unsub {channel}", "ok emit 1 @1"]);
        client.Presence(channel);
        node.Turn();
        client.Lines.All[^1].ShouldBe($"presence {channel} None [] 0 of 0");
    }

    [Fact]
    public void Subscribe_Twice_IsRefusedAndKeepsTheFirst()
    {
        using var node = TestNode.Turned();
        var client = node.Connect();
        client.Subscribe("c", call: "one");
        client.Subscribe("c", call: "two");
        client.Emit("c", "1");
        node.Turn();

        client.Lines.All.ShouldBe(["ok sub one @0", "no sub two AlreadySubscribed", "c#1 e=1", "ok emit 1 @1"]);
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 40)];

    /// <summary>One subscription of one client, with what it must have got in the end.</summary>
    private sealed class Visit(TestClient client, string channel, Position? since)
    {
        public TestClient Client => client;

        public bool HasLeft { get; set; }

        /// <summary>A position that a client of this visit could come back with.</summary>
        public Position? LastSeen()
        {
            if (client.Session is null || client.Dialect.LastSubscribed.Position.Epoch.Life == 0)
            {
                return null;
            }

            var events = Reader.EventsOf(client.Lines.All, channel);
            var began = client.Dialect.LastSubscribed;
            return new Position(began.Position.Epoch, events.Length > 0 ? events[^1].Offset : Began(began.Recovered, began.Position.Offset));
        }

        public void Check(long sent, string what)
        {
            var lines = client.Lines.All;
            var events = Reader.EventsOf(lines, channel);
            foreach (var item in events)
            {
                item.Data.ShouldBe(item.Offset.ToString(CultureInfo.InvariantCulture), what);
            }

            if (Array.Find(lines, line => line.StartsWith("ok sub in", StringComparison.Ordinal)) is not { } answer)
            {
                HasLeft.ShouldBeTrue(what);
                events.ShouldBeEmpty(what);
                return;
            }

            var isRecovered = answer.EndsWith("recovered", StringComparison.Ordinal);
            var at = long.Parse(answer.Split('@')[1].Split(' ')[0], CultureInfo.InvariantCulture);
            var after = Began(isRecovered, at);
            Reader.ShouldBeWhole(
                [.. events.Select(item => item.Offset)], after, HasLeft ? after + events.Length : sent, $"{what}: {answer}");
        }

        private long Began(bool isRecovered, long at) => isRecovered ? since!.Value.Offset : at;
    }
}
