using Broker.Cluster.RabbitMq.Source;
using Broker.Cluster.RabbitMq.Tests.Source;
using Broker.TestKit.Servers;
using Microsoft.Extensions.Logging.Abstractions;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Broker.Cluster.RabbitMq.Tests;

/// <summary>The rights that cluster-config/rabbitmq gives are enough, and no more than enough.</summary>
[Trait("Needs", "rabbitmq")]
public sealed class RightsTests(RabbitMqFixture rabbit)
{
    [Fact]
    public async Task Bus_WithTheRightsOfTheDefinitions_DoesAllOfItsWork()
    {
        var uri = await ImportAsync();
        await using var one = await RunningBus.OpenAsync(uri, options => options.NewsExchange = "broker.news");
        await using var other = await RunningBus.OpenAsync(uri, options => options.NewsExchange = "broker.news");

        await one.ShouldReachAsync(other);
        one.Bus.TryNews("hello"u8.ToArray()).ShouldBeTrue();
        (await other.NextAsync()).ShouldBe("news hello");
        one.TrySend(new("amq.gen-nobody"), "x", confirm: true).ShouldBeTrue();
        await one.NextAsync("returned");
        await one.NextAsync("confirmed");
    }

    [Fact]
    public async Task User_OfTheDefinitions_MakesNoOtherQueue()
    {
        await using var connection = await new ConnectionFactory { Uri = new Uri(await ImportAsync()) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();

        var refusal = await Should.ThrowAsync<OperationInterruptedException>(() => channel.QueueDeclareAsync("orders"));

        refusal.ShutdownReason!.ReplyCode.ShouldBe<ushort>(403);
    }

    [Fact]
    public async Task Source_WithTheRightsOfTheDefinitions_TakesWhatABackendPublishes_WhoMayDoNothingElse()
    {
        var uri = await ImportAsync();
        var server = await rabbit.ServerAsync();
        await server.ControlAsync("change_password", "backend", "of-the-test");
        var ingress = new RecordedIngress();
        await using var source = new RabbitMqSource(
            new SourceOptions { ConnectionString = uri }, ingress, ingress, NullLoggerFactory.Instance, TimeProvider.System);
        source.Start();
        await Backend.UntilAsync(() => source.Counters.IsConnected);

        var factory = new ConnectionFactory { Uri = new Uri($"{RabbitMqServer.Uri(server.EndPoint, "backend:of-the-test")}broker") };
        await using var connection = await factory.CreateConnectionAsync();
        var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true, null));
        await channel.BasicPublishAsync("broker.publish", "chat", mandatory: true, "{"u8.ToArray());
        await channel.BasicPublishAsync("broker.publish", "chat", mandatory: true, "1"u8.ToArray());

        (await ingress.NextAsync()).ShouldBe("default/chat  1 ");
        await Backend.UntilAsync(() => source.Counters.DeadLettered["bad_json"] == 1);
        await RefusedAsync(connection, channel => channel.QueueDeclareAsync("orders"));
        await RefusedAsync(connection, channel => channel.BasicGetAsync("broker.publish", autoAck: true));
        await RefusedAsync(connection, channel => channel.BasicGetAsync("broker.publish.dead", autoAck: true));
        await RefusedAsync(connection, channel => channel.BasicPublishAsync("", "broker.publish", mandatory: true, "1"u8.ToArray()).AsTask());
    }

    private static async Task RefusedAsync(IConnection connection, Func<IChannel, Task> act)
    {
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true, null));
        var refusal = await Should.ThrowAsync<OperationInterruptedException>(() => act(channel));
        refusal.ShutdownReason!.ReplyCode.ShouldBe<ushort>(403);
    }

    /// <returns>Where that user connects.</returns>
    private async Task<string> ImportAsync()
    {
        var server = await rabbit.ServerAsync();
        await server.ControlAsync("import_definitions", Path.Combine(Repository(), "cluster-config", "rabbitmq", "definitions.json"));
        await server.ControlAsync("change_password", "broker", "of-the-test");
        return $"{RabbitMqServer.Uri(server.EndPoint, "broker:of-the-test")}broker";
    }

    private static string Repository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Broker.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("The tests run outside of the repository.");
        }

        return folder;
    }
}
