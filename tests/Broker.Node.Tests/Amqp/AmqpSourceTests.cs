using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Broker.Node.Tests.Metrics;
using Broker.Node.Tests.Nodes;
using Broker.Node.Tests.Telemetry;
using Broker.TestKit.Deployments;
using Broker.TestKit.Servers;
using RabbitMQ.Client;

namespace Broker.Node.Tests.Amqp;

/// <summary>Messages over AMQP, from RabbitMQ to channels of real nodes.</summary>
[Trait("Needs", "rabbitmq")]
[Trait("Needs", "postgresql")]
public sealed class AmqpSourceTests
{
    private const int Channels = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task NodeAlone_PublishesWhatItIsGiven_AndSubscribersGetIt()
    {
        await using var server = await RabbitMqServer.StartAsync();
        await using var node = await BrokerNode.StartAsync(
            ("Broker:Amqp:Enabled", "true"), ("Broker:Amqp:RabbitMq", server.Uri().ToString()),
            ("Broker:Namespaces:0:Pattern", "closed"), ("Broker:Namespaces:0:Publish", "Nobody"));
        await UntilAsync(async () => (await ScrapeAsync(node.Http))["broker_amqp_connected"] == 1);
        await using var reader = await Cluster.ClusterReader.OpenAsync(new Uri(node.Url), "chat", "alone");

        await using var connection = await new ConnectionFactory { Uri = server.Uri() }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true, null));
        await PublishAsync(channel, "chat", 1);
        await PublishAsync(channel, "closed", 2);
        await PublishAsync(channel, "chat", 1);   // once more
        await PublishAsync(channel, "chat", 3);

        (await reader.ReadAsync(2)).ShouldBe([1, 3]);
        await UntilAsync(async () =>
        {
            var metrics = await ScrapeAsync(node.Http);
            return metrics["broker_amqp_messages_published_total"] == 3 && metrics["broker_amqp_waiting"] == 0;
        });
        (await node.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative))).ShouldContain("broker_amqp_messages_dead_lettered_total{reason=\"forbidden\"} 1");
        var dead = await channel.BasicGetAsync("broker.publish.dead", autoAck: true);
        Encoding.UTF8.GetString((byte[])dead!.BasicProperties.Headers!["x-broker-reason"]!).ShouldBe("forbidden");
    }

    [Fact]
    public async Task NodeAlone_WithoutRabbitMq_IsReadyAllTheSame()
    {
        await using var node = await BrokerNode.StartAsync(("Broker:Amqp:Enabled", "true"), ("Broker:Amqp:RabbitMq", "amqp://127.0.0.1:1"));

        await UntilAsync(async () => (await ScrapeAsync(node.Http))["broker_amqp_connects_failed_total"] > 0);

        using var ready = await node.Http.GetAsync(new Uri("/health/ready", UriKind.Relative));
        ready.IsSuccessStatusCode.ShouldBeTrue();
    }

    [Fact]
    public async Task Traceparent_IsTracedToTheDelivery_WhereTheBackendRecordsIt()
    {
        const string Recorded = "0af7651916cd43dd8448eb211c80319c";
        const string Unrecorded = "4bf92f3577b34da6a3ce929d0e0e4736";
        await using var server = await RabbitMqServer.StartAsync();
        await using var collector = await OtlpCollector.StartAsync(grpc: false);
        await using var node = await BrokerNode.StartAsync(
            ("Broker:Amqp:Enabled", "true"), ("Broker:Amqp:RabbitMq", server.Uri().ToString()),
            ("Broker:Telemetry:Otlp:Endpoint", collector.Endpoint), ("Broker:Telemetry:Otlp:Interval", "01:00:00"));
        await UntilAsync(async () => (await ScrapeAsync(node.Http))["broker_amqp_connected"] == 1);
        await using var reader = await Cluster.ClusterReader.OpenAsync(new Uri(node.Url), "chat", "alone");
        await using var connection = await new ConnectionFactory { Uri = server.Uri() }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true, null));

        await PublishAsync(channel, "chat", 1);
        await PublishAsync(channel, "chat", 2, ("traceparent", $"00-{Recorded}-b7ad6b7169203331-01"));
        await PublishAsync(channel, "chat", 3, ("traceparent", $"00-{Unrecorded}-00f067aa0ba902b7-00"));
        (await reader.ReadAsync(3)).ShouldBe([1, 2, 3]);
        await node.StopAsync();

        // Receive, publish, order and deliver, all of one message.
        collector.SpansOf(Recorded).ShouldBe(4);
        foreach (var span in new[] { "receive", "publish", "order", "deliver" })
        {
            collector.CountInTraces(span).ShouldBeGreaterThan(0, span);
        }

        collector.SpansOf(Unrecorded).ShouldBe(0);
        collector.CountInTraces("messaging.destination.name").ShouldBe(3);   // publish, order, deliver
    }

    [Fact]
    public async Task Rate_OfAnAppsBackends_IsKept_AndNoMessageIsLost()
    {
        const int PerSecond = 10;
        const int Messages = 25;
        await using var server = await RabbitMqServer.StartAsync();
        await using var node = await BrokerNode.StartAsync(
            ("Broker:Amqp:Enabled", "true"), ("Broker:Amqp:RabbitMq", server.Uri().ToString()),
            ("Broker:Apps:0:Id", "default"), ("Broker:Apps:0:BackendPublishesPerSecond", $"{PerSecond}"));
        await using var reader = await Cluster.ClusterReader.OpenAsync(new Uri(node.Url), "chat", "alone");
        await UntilAsync(async () => (await ScrapeAsync(node.Http))["broker_amqp_connected"] == 1);
        await using var connection = await new ConnectionFactory { Uri = server.Uri() }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true, null));

        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Messages).Select(i => PublishAsync(channel, "chat", i)));

        (await reader.ReadAsync(Messages)).ShouldBe(Enumerable.Range(0, Messages));
        Stopwatch.GetElapsedTime(began).TotalSeconds.ShouldBeGreaterThan((Messages - PerSecond) / (double)PerSecond - 0.5);   // ten at once, and the clock's ticks
        (await node.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative))).ShouldContain("broker_amqp_retries_total{reason=\"TooManyPublishes\"}");
    }

    /// <summary>RabbitMQ gives what the active node holds to the next; then that one goes on with what it holds.</summary>
    [Fact]
    public async Task Cluster_WhoseActiveNodeStandsStill_AndGoesOn_PublishesEachOnce_InOrder()
    {
        const int Messages = 4_000;
        var token = TestContext.Current.CancellationToken;
        await using var cluster = await DeployedCluster.StartAsync(new DeploymentOptions { Nodes = 3, Settings = [("Broker__Amqp__Enabled", "true")] }, token);
        await using var connection = await new ConnectionFactory { Uri = cluster.RabbitMq.Uri() }.CreateConnectionAsync(token);
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true, null), token);

        var publishing = Task.WhenAll(Enumerable.Range(0, Messages).Select(i => PublishAsync(channel, $"c{i % Channels}", i)));
        var frozen = await ActiveAsync(cluster, Messages / 10);
        await frozen.SuspendAsync();
        var next = await ActiveAsync(cluster, Messages / 10);
        await frozen.ResumeAsync();
        await publishing;

        await ShouldHaveEachOnceAsync(next, Messages);
        await cluster.WaitUntilReadyAsync(token);
        foreach (var node in cluster.Nodes)
        {
            await UntilAsync(async () => await ScrapeAsync(node) is var metrics && metrics["broker_amqp_connected"] == 1 && metrics["broker_amqp_waiting"] == 0);
        }

        await ShouldHaveEachOnceAsync(frozen, Messages);
    }

    /// <summary>The active node is killed, the next one leaves in order, while messages flow.</summary>
    [Fact]
    public async Task Cluster_WhoseActiveNodeIsKilled_AndWhoseNextLeaves_PublishesEachOnce_InOrder()
    {
        const int Messages = 4_000;
        var token = TestContext.Current.CancellationToken;
        await using var cluster = await DeployedCluster.StartAsync(new DeploymentOptions { Nodes = 3, Settings = [("Broker__Amqp__Enabled", "true")] }, token);
        await using var connection = await new ConnectionFactory { Uri = cluster.RabbitMq.Uri() }.CreateConnectionAsync(token);
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true, null), token);

        var publishing = Task.WhenAll(Enumerable.Range(0, Messages).Select(i => PublishAsync(channel, $"c{i % Channels}", i)));
        var active = await ActiveAsync(cluster, Messages / 10);
        await active.KillAsync();
        var next = await ActiveAsync(cluster, Messages / 10);
        (await next.LeaveAsync()).ShouldBe(0);
        await publishing;

        var last = cluster.Nodes.Single(node => node.IsRunning);
        await ShouldHaveEachOnceAsync(last, Messages);
        var metrics = await ScrapeAsync(last);
        metrics["broker_amqp_messages_published_total"].ShouldBeGreaterThan(0);
    }

    private static async Task PublishAsync(IChannel channel, string to, int number, params (string Name, string Value)[] headers) => await channel.BasicPublishAsync(
        "broker.publish", to, mandatory: true,
        new BasicProperties
        {
            Type = "n",
            MessageId = $"m{number}",
            DeliveryMode = DeliveryModes.Persistent,
            Headers = headers.ToDictionary(header => header.Name, header => (object?)header.Value, StringComparer.Ordinal),
        },
        Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Of so many messages, spread over the channels: every channel's history has its own, in order.</summary>
    private static async Task ShouldHaveEachOnceAsync(DeployedNode node, int messages)
    {
        using var http = new HttpClient { BaseAddress = node.Url, Timeout = Patience };
        for (var c = 0; c < Channels; c++)
        {
            var wanted = Enumerable.Range(0, messages).Where(i => i % Channels == c).ToArray();
            int[] there = [];
            await UntilAsync(async () => (there = await HistoryAsync(http, $"c{c}")).Length >= wanted.Length);
            there.ShouldBe(wanted, $"c{c}");
        }
    }

    /// <summary>The node that has published so many messages, of those that serve.</summary>
    private static async Task<DeployedNode> ActiveAsync(DeployedCluster cluster, int messages)
    {
        DeployedNode? active = null;
        await UntilAsync(async () =>
        {
            foreach (var node in cluster.Nodes.Where(node => node.IsServing))
            {
                if ((await ScrapeAsync(node))["broker_amqp_messages_published_total"] >= messages)
                {
                    active = node;
                }
            }

            return active is not null;
        });
        return active!;
    }

    private static async Task<int[]> HistoryAsync(HttpClient http, string channel)
    {
        using var answer = await http.PostAsJsonAsync(new Uri("/api/history", UriKind.Relative), new { channel, limit = 1_000 });
        if (!answer.IsSuccessStatusCode)
        {
            return [];
        }

        var page = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return [.. page.GetProperty("events").EnumerateArray().Select(one => one.GetProperty("data").GetInt32())];
    }

    private static async Task<Exposition> ScrapeAsync(HttpClient http) => Exposition.Read(await http.GetStringAsync(new Uri("/metrics", UriKind.Relative)));

    private static async Task<Exposition> ScrapeAsync(DeployedNode node) =>
        Exposition.Read(await node.GetAsync("/metrics", TestContext.Current.CancellationToken));

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        while (!await condition())
        {
            await Task.Delay(10, patience.Token);
        }
    }
}
