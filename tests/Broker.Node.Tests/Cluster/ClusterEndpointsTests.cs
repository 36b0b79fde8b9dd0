using System.Net;
using System.Text.Json;
using Broker.Node.Tests.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Broker.Node.Tests.Cluster;

public sealed class ClusterEndpointsTests
{
    private const string Token = LoopbackNodes.Token;

    [Fact]
    public async Task Cluster_OfANodeAlone_IsThatNode()
    {
        await using var node = await BrokerNode.StartAsync(("Broker:Admin:Token", Token));

        var (status, report) = await node.Http.AdminAsync(Token, "GET", "/cluster");

        status.ShouldBe(HttpStatusCode.OK);
        report.GetProperty("isCluster").GetBoolean().ShouldBeFalse();
        report.GetProperty("isHealthy").GetBoolean().ShouldBeTrue();
        report.GetProperty("nodes").GetArrayLength().ShouldBe(1);
        report.GetProperty("nodes")[0].GetProperty("ownedShards").GetInt32().ShouldBe(256);
        (await node.Http.AdminAsync(Token, "POST", "/cluster/down")).Status.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Cluster_IsSeenAlikeByEveryNode()
    {
        await using var nodes = await LoopbackNodes.StartAsync(3);
        for (var i = 0; i < 3; i++)
        {
            var report = await UntilAsync(nodes[i], "/cluster", report =>
                report.GetProperty("isHealthy").GetBoolean() && report.GetProperty("nodes").EnumerateArray().Count(IsUp) == 3);

            report.GetProperty("isCluster").GetBoolean().ShouldBeTrue();
            report.GetProperty("unownedShards").GetInt32().ShouldBe(0);
            var entries = report.GetProperty("nodes").EnumerateArray().ToArray();
            entries.Select(node => node.GetProperty("name").GetString()).ShouldBe(["n0", "n1", "n2"]);
            entries.ShouldAllBe(node => node.GetProperty("busOk").GetBoolean() && node.GetProperty("lease").GetString() == "held");
            entries.Sum(node => node.GetProperty("ownedShards").GetInt32()).ShouldBe(256);
            entries[i].GetProperty("id").GetString().ShouldBe(report.GetProperty("node").GetString());
        }

        var (_, shards) = await nodes[1].Http.AdminAsync(Token, "GET", "/cluster/shards");
        shards.GetArrayLength().ShouldBe(256);
        shards.EnumerateArray().ShouldAllBe(shard => shard.GetProperty("term").GetInt64() > 0 && shard.GetProperty("name").GetString()!.StartsWith('n'));
        shards[7].GetProperty("shard").GetInt32().ShouldBe(7);
    }

    [Fact]
    public async Task Leave_OfANodeNamedAtAnother_EndsThatNodeInGoodOrder()
    {
        await using var nodes = await LoopbackNodes.StartAsync(2);
        await UntilAsync(nodes[0], "/cluster", report => report.GetProperty("nodes").EnumerateArray().Count(IsUp) == 2);
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        nodes[1].Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(() => stopping.TrySetResult());

        var (status, answer) = await nodes[0].Http.AdminAsync(Token, "POST", "/cluster/leave", """{"node":"n1"}""");

        status.ShouldBe(HttpStatusCode.Accepted);
        answer.GetProperty("outcome").GetString().ShouldBe("leaving");
        await stopping.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await nodes[1].StopAsync();
        var report = await UntilAsync(nodes[0], "/cluster", report => report.GetProperty("nodes").GetArrayLength() == 1);
        report.GetProperty("nodes")[0].GetProperty("name").GetString().ShouldBe("n0");
    }

    [Theory]
    [InlineData("/cluster/leave", """{"node":"nobody"}""", HttpStatusCode.NotFound, "unknown_node")]
    [InlineData("/cluster/down", """{"node":"nobody"}""", HttpStatusCode.NotFound, "unknown_node")]
    [InlineData("/cluster/down", """{"node":"n1"}""", HttpStatusCode.Conflict, "still_alive")]
    [InlineData("/cluster/down", "", HttpStatusCode.Conflict, "still_alive")]
    [InlineData("/cluster/down", "[", HttpStatusCode.BadRequest, "bad_json")]
    [InlineData("/cluster/shards/256/move", """{"node":"n1"}""", HttpStatusCode.NotFound, "unknown_shard")]
    public async Task Order_ThatCannotBeCarriedOut_SaysWhy(string path, string body, HttpStatusCode status, string code)
    {
        await using var nodes = await LoopbackNodes.StartAsync(2);
        await UntilAsync(nodes[0], "/cluster", report => report.GetProperty("nodes").EnumerateArray().Count(IsUp) == 2);

        var (answered, problem) = await nodes[0].Http.AdminAsync(Token, "POST", path, body);

        answered.ShouldBe(status);
        problem.GetProperty("code").GetString().ShouldBe(code);
    }

    [Fact]
    public async Task Ready_WhenTheBusIsCut_Is503AndNamesIt()
    {
        await using var nodes = await LoopbackNodes.StartAsync(2);

        nodes.Exchange.Disconnect(nodes.Buses[0]);

        // Another check may have noticed it a moment before this one was asked.
        var health = await UntilAsync(nodes[0], health => health.GetProperty("checks").EnumerateArray().Any(IsFailingBus));
        health.GetProperty("status").GetString().ShouldBe("failing");
        health.GetProperty("checks").EnumerateArray().Single(IsFailingBus).GetProperty("reason").GetString()!.ShouldContain("bus");

        static bool IsFailingBus(JsonElement check) => !check.GetProperty("ok").GetBoolean() && check.GetProperty("name").GetString() == "bus";
    }

    private static bool IsUp(JsonElement node) => node.GetProperty("state").GetString() == "up";

    private static Task<JsonElement> UntilAsync(BrokerNode node, string path, Func<JsonElement, bool> isSo) =>
        UntilAsync(async () => (await node.Http.AdminAsync(Token, "GET", path)).Body, isSo);

    private static Task<JsonElement> UntilAsync(BrokerNode node, Func<JsonElement, bool> isSo) =>
        UntilAsync(async () => JsonDocument.Parse(await node.Http.GetStringOrProblemAsync("/health/ready?verbose")).RootElement, isSo);

    private static async Task<JsonElement> UntilAsync(Func<Task<JsonElement>> ask, Func<JsonElement, bool> isSo)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var answer = await ask();
            if (isSo(answer))
            {
                return answer;
            }

            patience.IsCancellationRequested.ShouldBeFalse($"Never came; last: {answer}");
        }
    }
}
