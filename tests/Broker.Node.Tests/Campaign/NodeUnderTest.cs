using System.Net;
using System.Text.Json;
using Broker.Node.Tests.Nodes;
using Broker.TestKit.WebSockets;

namespace Broker.Node.Tests.Campaign;

/// <summary>What every part of the campaign asks of a node.</summary>
internal static class NodeUnderTest
{
    /// <summary>Ends a hung test; decides nothing.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    public static IPEndPoint EndPoint(this BrokerNode node) => new(IPAddress.Loopback, node.Port);

    public static IPEndPoint EndPoint(this BrokerProcess node) => new(IPAddress.Loopback, node.Port);

    /// <summary>The node serves whoever comes new: it subscribes, publishes, and gets what it published.</summary>
    public static async Task ShouldServeAsync(this BrokerNode node)
    {
        using var fresh = await CrowdClient.OpenAsync(node.EndPoint(), "/rpc");
        await fresh.SubscribeAsync("still here?");
        await fresh.SendAsync("""{"jsonrpc":"2.0","method":"publish","params":{"channel":"still here?","event":"e","data":"yes"}}""");
        (await fresh.ReceiveAsync()).ShouldContain("\"data\":\"yes\"");
        await fresh.SendBytesAsync(ClientFrame.Close(1000));
        (await fresh.ReadAsync(_ => true)).ShouldBeFalse();
        fresh.CloseCode.ShouldBe(1000);
    }

    /// <summary>Waits until the node says that it has this many sessions, and fails when it never does.</summary>
    public static Task WaitForSessionsAsync(this BrokerNode node, int sessions) => WaitForSessionsAsync(node.Http, sessions);

    public static async Task WaitForSessionsAsync(HttpClient http, int sessions)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        int now;
        while ((now = await SessionsAsync(http)) != sessions)
        {
            patience.IsCancellationRequested.ShouldBeFalse($"The node has {now} sessions, and should have {sessions}.");
        }
    }

    /// <summary>How many sessions the node says that it has.</summary>
    public static async Task<int> SessionsAsync(HttpClient http)
    {
        using var health = JsonDocument.Parse(await http.GetStringAsync("/health/ready"));
        return health.RootElement.GetProperty("sessions").GetInt32();
    }
}
