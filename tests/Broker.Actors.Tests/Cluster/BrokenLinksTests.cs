using Broker.Actors.Channels;
using Broker.Actors.Shards;
using Broker.Messages;
using Broker.TestKit.Cluster;
using Broker.TestKit.Nodes;

namespace Broker.Actors.Tests.Cluster;

public sealed class BrokenLinksTests
{
    [Theory]
    [InlineData(300)]
    [InlineData(2_500)]
    public void CutLink_WhenItHeals_HasLostAndDoubledNothing(int cutMs)
    {
        using var cluster = new InProcessCluster();
        var channel = cluster.ChannelOf(0);
        var readers = cluster.Nodes.Select(node => node.Connect()).ToArray();
        foreach (var reader in readers)
        {
            reader.Subscribe(channel);
        }

        cluster.Turn();
        var (local, remote) = (cluster[0].Connect(), cluster[1].Connect());
        for (var i = 0; i < 200; i++)
        {
            if (i == 50)
            {
                cluster.Cut(0, 1);
            }

            (i % 2 == 0 ? local : remote).Emit(channel, $"{i}");
            cluster.Pass(TimeSpan.FromMilliseconds(i is > 50 and < 60 ? cutMs / 10 : 0));
            if (i == 60)
            {
                cluster.Heal(0, 1);
            }
        }

        cluster.Pass(TimeSpan.FromSeconds(5));

        var all = readers[0].Events;
        all.Length.ShouldBe(200);
        all.Select(line => line.Split('=')[1]).Distinct().Count().ShouldBe(200);
        readers.ShouldAllBe(reader => reader.Events.SequenceEqual(all));
        readers.ShouldAllBe(reader => !reader.Lines.All.Any(line => line[0] == '!'));
        Answers(local, "ok").ShouldBe(100);
        Answers(remote, "ok").ShouldBe(100);
    }

    [Fact]
    public void BrokenConnection_WhenItIsBack_HasLostAndDoubledNothing()
    {
        using var cluster = new InProcessCluster();
        var channel = cluster.ChannelOf(0);
        var reader = cluster[1].Connect();
        reader.Subscribe(channel);
        cluster.Turn();
        var writer = cluster[2].Connect();
        for (var i = 0; i < 300; i++)
        {
            writer.Emit(channel, $"{i}");
            if (i % 30 == 7)
            {
                cluster.Break(i / 30 % 3);
            }

            if (i % 10 == 0)
            {
                cluster.Pass(TimeSpan.FromMilliseconds(50));
            }
        }

        cluster.Pass(TimeSpan.FromSeconds(3));

        reader.Events.Select(line => line.Split('=')[1]).ShouldBe(Enumerable.Range(0, 300).Select(i => $"{i}"));
        Answers(writer, "ok").ShouldBe(300);
    }

    [Fact]
    public void CutLongerThanTheBuffer_WhenTheWindowHoldsWhatWasMissed_GoesOn()
    {
        using var cluster = new InProcessCluster(linkBytes: 40_000);
        var (channel, noise) = (cluster.ChannelOf(0), cluster.ChannelOf(0, nth: 1));
        var (reader, other) = (cluster[1].Connect(), cluster[1].Connect());
        reader.Subscribe(channel);
        other.Subscribe(noise);
        cluster.Turn();

        EmitThroughACut(cluster, channel, events: 20, noise);

        reader.Events.Select(line => line.Split('=')[1]).ShouldBe(Enumerable.Range(0, 20).Select(i => $"{i}"));
        reader.Lines.All.ShouldNotContain(line => line[0] == '!');
        other.Lines.All[^1].ShouldBe($"!{noise} 20");
        cluster[0].Node.Counters.LinkResets.Value.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void CutLongerThanTheBuffer_WhenTheWindowIsTooShort_ResetsVisiblyAndGoesOn()
    {
        using var cluster = new InProcessCluster(
            linkBytes: 5_000, rules: [TestNode.Rule("*", new ChannelOptions { HistorySize = 10 })]);
        var channel = cluster.ChannelOf(0);
        var reader = cluster[1].Connect();
        reader.Subscribe(channel);
        cluster.Turn();

        EmitThroughACut(cluster, channel, events: 200, noise: null);
        var writer = cluster[1].Connect();
        writer.Emit(channel, "on");
        cluster.Turn();

        reader.Lines.All[1..].ShouldBe([$"!{channel} 200", $"{channel}#201 e=on"]);
    }

    [Fact]
    public void Emit_WithoutAWayToTheOwner_IsUnavailableAfterThreeSeconds()
    {
        using var cluster = new InProcessCluster();
        var channel = cluster.ChannelOf(0);
        cluster.Cut(0, 1);
        var writer = cluster[1].Connect();
        writer.Emit(channel, "before");   // given to the link: its fate is unknown
        cluster.Pass(TimeSpan.FromSeconds(2));

        writer.Emit(channel, "behind");
        cluster.Pass(TimeSpan.FromSeconds(1.5));
        writer.Lines.All.ShouldBe(["no emit before OutcomeUnknown"]);
        cluster.Pass(TimeSpan.FromSeconds(2));

        writer.Lines.All.ShouldBe(["no emit before OutcomeUnknown", "no emit behind Unavailable"]);
    }

    [Fact]
    public void Emit_WithoutAWayToTheOwner_GoesWhenTheLinkHeals()
    {
        using var cluster = new InProcessCluster();
        var channel = cluster.ChannelOf(0);
        cluster.Cut(0, 1);
        var writer = cluster[1].Connect();
        writer.Emit(channel, "1");
        cluster.Pass(TimeSpan.FromSeconds(1.5));
        writer.Emit(channel, "2");
        cluster.Heal(0, 1);
        cluster.Pass(TimeSpan.FromSeconds(1));

        writer.Lines.All.ShouldBe(["ok emit 1 @1", "ok emit 2 @2"]);
    }

    [Fact]
    public void Emit_WhenTooManyWait_ParksItsSession()
    {
        using var cluster = new InProcessCluster(options: new LocalNodeOptions
        {
            Shards = 16,
            Loops = 1,
            Shard = new ShardOptions { MailboxEmits = 4 },
        });
        var channel = cluster.ChannelOf(0);
        cluster.Cut(0, 1);
        var writer = cluster[1].Connect();
        for (var i = 0; i < 6; i++)
        {
            writer.Emit(channel, $"{i}");
        }

        cluster.Turn();
        writer.Transport.IsPaused.ShouldBeTrue();
        cluster.Heal(0, 1);
        cluster.Pass(TimeSpan.FromSeconds(1));

        writer.Transport.IsPaused.ShouldBeFalse();
        Answers(writer, "ok").ShouldBe(6);
    }

    [Fact]
    public void Question_WithoutAWayToTheOwner_IsAnsweredUnavailable()
    {
        using var cluster = new InProcessCluster();
        var channel = cluster.ChannelOf(0);
        cluster.Cut(0, 1);
        var client = cluster[1].Connect();

        client.History(channel);
        client.Presence(channel);
        cluster.Pass(TimeSpan.FromSeconds(4));

        client.Lines.All.ShouldBe([$"history {channel} Unavailable @0 []", $"presence {channel} Unavailable [] 0 of 0"]);
    }

    [Fact]
    public void Channel_ThatLosesItsLifeToABug_ResetsItsSubscribersOnAllNodes()
    {
        using var cluster = new InProcessCluster();
        var channel = cluster.ChannelOf(0);
        var reader = cluster[1].Connect();
        reader.Subscribe(channel, member: "ann");
        cluster.Turn();
        var writer = cluster[1].Connect();
        writer.Emit(channel, "1");
        cluster.Turn();

        // A member without a name is nothing that a session would let through.
        var name = new ChannelName("default", channel);
        var nobody = new ChannelInput.Join(new SessionId(cluster[0].Node.Self, 1), UserId: null!, default, Ticket: 0);
        cluster[0].Node.Shards.Of(name).Step(name, nobody);
        cluster.Turn();
        writer.Emit(channel, "2");
        writer.Presence(channel);
        cluster.Turn();

        reader.Lines.All[^2..].ShouldBe([$"!{channel} 0", $"{channel}#1 e=2"]);
        writer.Lines.All.ShouldContain($"presence {channel} None [ann:1] 1 of 1");
    }

    private static void EmitThroughACut(InProcessCluster cluster, string channel, int events, string? noise)
    {
        cluster.Cut(0, 1);
        var writer = cluster[0].Connect();
        for (var i = 0; i < events; i++)
        {
            writer.Emit(channel, $"{i}");
            if (noise is not null)
            {
                writer.Emit(noise, new string('x', 5_000));
            }

            cluster.Turn();
        }

        cluster.Pass(TimeSpan.FromSeconds(2));
        cluster.Heal(0, 1);
        cluster.Pass(TimeSpan.FromSeconds(3));
    }

    private static int Answers(TestClient client, string how) =>
        client.Lines.All.Count(line => line.StartsWith($"{how} emit", StringComparison.Ordinal));
}
