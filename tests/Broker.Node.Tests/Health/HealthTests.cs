using System.Net;
using System.Text.Json;
using Broker.Actors;
using Broker.Actors.Loops;
using Broker.Node.Connections;
using Broker.Node.Tests.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace Broker.Node.Tests.Health;

public sealed class HealthTests
{
    [Fact]
    public async Task Live_WhileTheProcessAnswers_Is200()
    {
        await using var node = await BrokerNode.StartAsync();

        var (status, health) = await GetAsync(node, "/health/live");

        status.ShouldBe(HttpStatusCode.OK);
        health.GetProperty("status").GetString().ShouldBe("live");
    }

    [Fact]
    public async Task Ready_WhenEveryLoopDelivers_Is200AndLeavesNoSession()
    {
        await using var node = await BrokerNode.StartAsync(("Broker:Loops", "3"));

        var (status, health) = await GetAsync(node, "/health/ready");

        status.ShouldBe(HttpStatusCode.OK);
        health.GetProperty("status").GetString().ShouldBe("ready");
        health.GetProperty("loops").GetInt32().ShouldBe(3);
        health.GetProperty("sessions").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task Ready_WhenALoopIsStuck_Is503AndNamesIt()
    {
        await using var node = await BrokerNode.StartAsync(("Broker:Loops", "2"));
        using var release = new ManualResetEventSlim();
        var stuck = LoopCall.RunAsync(node.Services.GetRequiredService<LocalNode>().Loops[1], release.Wait);

        var (status, health) = await GetAsync(node, "/health/ready");

        status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        health.GetProperty("reason").GetString().ShouldNotBeNull().ShouldContain("did not deliver");
        (await GetAsync(node, "/health/live")).Status.ShouldBe(HttpStatusCode.OK);

        release.Set();
        await stuck;
        (await GetAsync(node, "/health/ready")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Ready_WhileTheNodeGoesDown_Is503()
    {
        await using var node = await BrokerNode.StartAsync();
        node.Services.GetRequiredService<DialectRoutes>().Close();

        var (status, health) = await GetAsync(node, "/health/ready");

        status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        health.GetProperty("status").GetString().ShouldBe("stopping");
    }

    [Fact]
    public async Task Ready_WhenAskedForAll_NamesEveryCheck()
    {
        await using var node = await BrokerNode.StartAsync();
        node.Services.GetRequiredService<DialectRoutes>().Close();

        var (_, health) = await GetAsync(node, "/health/ready?verbose");

        health.GetProperty("reason").GetString().ShouldBe("The node is going down.");
        health.GetProperty("checks").EnumerateArray().Select(check => (check.GetProperty("name").GetString(), check.GetProperty("ok").GetBoolean()))
            .ShouldBe([("staying", false), ("memory", true), ("bus", true), ("lease", true), ("owners", true), ("delivery", true)]);
    }

    [Fact]
    public async Task Ready_ForWhomJsonIsWelcome_NamesEveryCheck()
    {
        await using var node = await BrokerNode.StartAsync();
        (await GetAsync(node, "/health/ready")).Health.TryGetProperty("checks", out _).ShouldBeFalse();
        node.Http.DefaultRequestHeaders.Accept.ParseAdd("text/html, application/json;q=0.9");

        (await GetAsync(node, "/health/ready")).Health.GetProperty("checks").GetArrayLength().ShouldBeGreaterThan(2);
    }

    private static async Task<(HttpStatusCode Status, JsonElement Health)> GetAsync(BrokerNode node, string path)
    {
        var reply = await node.Http.GetAsync(path);
        reply.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        return (reply.StatusCode, JsonDocument.Parse(await reply.Content.ReadAsStringAsync()).RootElement);
    }
}
