using System.Net.Sockets;
using Broker.TestKit.Servers;

namespace Broker.Cluster.RabbitMq.Tests.Servers;

/// <summary>The servers that the other tests stand on.</summary>
[Trait("Needs", "rabbitmq")]
public sealed class RabbitMqServerTests
{
    [Fact]
    public async Task Server_StoppedAndKilled_ComesBackOnItsPort()
    {
        await using var server = await RabbitMqServer.StartAsync();
        await ConnectAsync(server);
        await server.ControlAsync("add_user", "somebody", "secret");

        await server.StopAsync();
        await Should.ThrowAsync<SocketException>(() => ConnectAsync(server));
        await server.StartAgainAsync();
        await ConnectAsync(server);

        await server.KillAsync();
        await Should.ThrowAsync<SocketException>(() => ConnectAsync(server));
        await server.StartAgainAsync();
        await ConnectAsync(server);
        (await server.ControlAsync("list_users")).ShouldContain("somebody");
    }

    [Fact]
    public async Task Cluster_WithOneKilled_GoesOn()
    {
        await using var cluster = await RabbitMqCluster.StartAsync();

        await cluster.Nodes[0].KillAsync();

        var status = await cluster.Nodes[2].ControlAsync("cluster_status", "--formatter", "json");
        foreach (var node in cluster.Nodes)
        {
            status.ShouldContain(node.Name);
        }

        await ConnectAsync(cluster.Nodes[1]);
    }

    private static async Task ConnectAsync(RabbitMqServer server)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.EndPoint);
    }
}
