using static Broker.Cli.Tests.FakeNode;

namespace Broker.Cli.Tests;

public sealed class FailureTests : IAsyncLifetime
{
    private readonly FakeNode _node = new();

    [Theory]
    [InlineData(401, "", ExitCode.NotAllowed)]
    [InlineData(404, "", ExitCode.NotAllowed)]
    [InlineData(404, """{"status":404,"code":"unknown_node","title":"There is no such node."}""", ExitCode.NotFound)]
    [InlineData(409, """{"status":409,"code":"ambiguous_node","title":"More than one."}""", ExitCode.Refused)]
    [InlineData(501, """{"status":501,"code":"not_built","title":"Not yet."}""", ExitCode.NotBuilt)]
    [InlineData(503, """{"status":503,"code":"no_authority","title":"PostgreSQL does not answer."}""", ExitCode.Unreachable)]
    [InlineData(502, "<html>", ExitCode.Unreachable)]
    [InlineData(200, "<html>", ExitCode.Unreachable)]
    public async Task Answer_OfEachKind_HasItsExitCode(int status, string body, object code)
    {
        _node.Always = (status, body);

        var run = await Run.WithTokenAsync(_node, "cluster", "down", "n2");

        run.Code.ShouldBe((ExitCode)code);
        run.Out.ShouldBeEmpty();
        run.Error.ShouldStartWith("pbm: ");
        run.Error.Count(c => c == '\n').ShouldBe(1);
    }

    [Fact]
    public async Task Address_WhereNobodyListens_IsUnreachable()
    {
        var url = _node.Url;
        await _node.DisposeAsync();

        var run = await Run.InAsync(new() { ["PBM_TOKEN"] = FakeNode.Token }, "cluster", "show", "--url", url);

        run.Code.ShouldBe(ExitCode.Unreachable);
        run.Error.ShouldStartWith("pbm: No node answers at");
    }

    [Theory]
    [InlineData("cluster", "shw")]
    [InlineData("cluster", "down")]
    [InlineData("cluster-sharding", "move", "x", "n1")]
    [InlineData("cluster", "show", "--url", "n1:9772")]
    [InlineData("cluster", "show", "--url", "http://user:password@n1")]
    public async Task Usage_ThatMakesNoSense_Is2(params string[] args)
    {
        var run = await Run.WithTokenAsync(_node, args);

        run.Code.ShouldBe(ExitCode.Usage);
        run.Error.ShouldStartWith("pbm: ");
    }

    [Fact]
    public async Task Token_ThatIsNowhere_IsAskedFor()
    {
        var run = await Run.InAsync([], "cluster", "show", "--url", _node.Url);

        run.Code.ShouldBe(ExitCode.NotAllowed);
        run.Error.ShouldContain("PBM_TOKEN");
    }

    [Fact]
    public async Task Token_OnTheCommandLine_WorksAndIsWarnedOf()
    {
        _node.Shows(Report(0, Node(1)));

        var run = await Run.InAsync([], "cluster", "show", "--url", _node.Url, "--token", FakeNode.Token);

        run.Code.ShouldBe(ExitCode.Ok);
        run.Error.ShouldContain("shows the token to everybody");
        run.Error.ShouldNotContain(FakeNode.Token);
    }

    [Theory]
    [InlineData("--token-file")]
    [InlineData("PBM_TOKEN_FILE")]
    public async Task Token_OfAFile_IsRead(string how)
    {
        _node.Shows(Report(0, Node(1)));
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, FakeNode.Token + "\n");
        try
        {
            var run = how.StartsWith('-')
                ? await Run.InAsync([], "cluster", "show", "--url", _node.Url, how, file)
                : await Run.InAsync(new() { [how] = file }, "cluster", "show", "--url", _node.Url);

            run.Code.ShouldBe(ExitCode.Ok);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Token_OfAFileThatIsNotThere_IsSaid() =>
        (await Run.InAsync([], "cluster", "show", "--url", _node.Url, "--token-file", "/nowhere/token")).Code.ShouldBe(ExitCode.NotAllowed);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _node.DisposeAsync();
}
