using System.Text.Json;
using Broker.Messages.Admin;
using static Broker.Cli.Tests.FakeNode;

namespace Broker.Cli.Tests;

public sealed class ClusterCommandTests : IAsyncLifetime
{
    private readonly FakeNode _node = new();

    [Fact]
    public async Task Show_ListsNodesAndMarksTheOneThatAnswered()
    {
        _node.Shows(Report(0, Node(1), Node(2, ClusterNode.Leaving, busOk: false)));

        var run = await Run.WithTokenAsync(_node, "cluster", "show");

        run.Code.ShouldBe(ExitCode.Ok);
        run.Error.ShouldBeEmpty();
        var lines = run.Out.TrimEnd().Split('\n').Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))).ToArray();
        lines.ShouldBe(
        [
            "NODE ID STATE BUS LEASE SHARDS VERSION URL",
            $"n1 * {IdOf(1)[..12]} up ok held 128 1 http://n1",
            $"n2 {IdOf(2)[..12]} leaving stale held 128 1 http://n2",
        ]);
    }

    [Fact]
    public async Task Show_AsJson_IsWhatTheApiSays()
    {
        _node.Shows(Report(0, Node(1)));

        var run = await Run.WithTokenAsync(_node, "cluster", "show", "--json");

        var report = JsonDocument.Parse(run.Out).RootElement;
        report.GetProperty("isHealthy").GetBoolean().ShouldBeTrue();
        report.GetProperty("nodes")[0].GetProperty("name").GetString().ShouldBe("n1");
    }

    [Theory]
    [InlineData(0, "healthy: 2 of 2 nodes up; 256 shards", 0)]
    [InlineData(3, "not healthy: 2 of 2 nodes up; 256 shards, 3 without an owner", 1)]
    public async Task Status_SaysInOneLineAndByItsExitCodeWhetherAllIsWell(int unowned, string line, int code)
    {
        _node.Shows(Report(unowned, Node(1), Node(2)));

        var run = await Run.WithTokenAsync(_node, "cluster", "status");

        run.Out.ShouldBe(line + Environment.NewLine);
        ((int)run.Code).ShouldBe(code);
    }

    [Fact]
    public async Task Status_WithFewerNodesThanWanted_IsNotWell()
    {
        _node.Shows(Report(0, Node(1), Node(2, busOk: false)));

        var run = await Run.WithTokenAsync(_node, "cluster", "status", "--nodes", "3");

        run.Out.ShouldStartWith("not healthy: 2 of 2 nodes up, 3 wanted, 1 without the bus; 256 shards");
        run.Code.ShouldBe(ExitCode.Refused);
    }

    [Fact]
    public async Task Status_Waiting_EndsOnceAllIsWell()
    {
        _node.Shows(Report(9, Node(1)), Report(9, Node(1)), Report(0, Node(1)));

        (await Run.WithTokenAsync(_node, "cluster", "status", "--wait")).Code.ShouldBe(ExitCode.Ok);
    }

    [Fact]
    public async Task Status_WaitingInVain_HasACodeOfItsOwn()
    {
        _node.Shows(Report(9, Node(1)));

        var run = await Run.WithTokenAsync(_node, "cluster", "status", "--wait", "--timeout", "0");

        run.Code.ShouldBe(ExitCode.TimedOut);
        run.Error.ShouldBe("pbm: The cluster is healthy: not within 0 s." + Environment.NewLine);
    }

    [Fact]
    public async Task Leave_OfANamedNode_WaitsUntilItHasGone()
    {
        _node.Shows(Report(0, Node(1), Node(2)), Report(0, Node(1), Node(2, ClusterNode.Leaving)), Report(0, Node(1)));

        var run = await Run.WithTokenAsync(_node, "cluster", "leave", "n2", "--wait");

        run.Code.ShouldBe(ExitCode.Ok);
        run.Out.ShouldBe("n2: left" + Environment.NewLine);
        _node.Asked.ShouldContain("POST /admin/api/cluster/leave {\n  \"node\": \"n2\"\n}".ReplaceLineEndings());
    }

    [Fact]
    public async Task Leave_WithoutAName_MeansTheNodeThatIsAsked()
    {
        _node.Shows(Report(0, Node(1)));

        (await Run.WithTokenAsync(_node, "cluster", "leave")).Code.ShouldBe(ExitCode.Ok);

        _node.Asked[^1].ShouldBe("POST /admin/api/cluster/leave {}");
    }

    [Fact]
    public async Task Down_OfANodeThatLives_IsRefusedWithTheReason()
    {
        _node.Order = (409, """{"status":409,"code":"still_alive","title":"The node still holds its lock."}""");

        var run = await Run.WithTokenAsync(_node, "cluster", "down", "n2");

        run.Code.ShouldBe(ExitCode.Refused);
        run.Error.ShouldBe("pbm: The node still holds its lock." + Environment.NewLine);
    }

    [Fact]
    public async Task Shards_OfOneNode_AreListed()
    {
        var run = await Run.WithTokenAsync(_node, "cluster-sharding", "shards", "--node", "n2");

        run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(2);
        run.Out.ShouldContain("n2");
    }

    [Fact]
    public async Task Move_ByAReleaseThatCannot_HasACodeOfItsOwn()
    {
        _node.Order = (501, """{"status":501,"code":"not_built","title":"This release cannot do it yet."}""");

        (await Run.WithTokenAsync(_node, "cluster-sharding", "move", "7", "n2")).Code.ShouldBe(ExitCode.NotBuilt);
        _node.Asked[^1].ShouldStartWith("POST /admin/api/cluster/shards/7/move");
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _node.DisposeAsync();
}
