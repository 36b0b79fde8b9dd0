using Broker.TestKit.Servers;
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
