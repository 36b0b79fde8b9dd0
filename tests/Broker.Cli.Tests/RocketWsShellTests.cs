namespace Broker.Cli.Tests;

/// <summary>RocketWS's shell (rocketws.md, section 8) in front of a message source that answers the same to everything.</summary>
public sealed class RocketWsShellTests : IAsyncDisposable
{
    private const string Answer = """{"jsonrpc":"2.0","result":"emitted: 1","id":0}""";
    private const string DataPrompt = """data [{"message": "test"}]: """;

    private readonly FakeNode _source = new() { Order = (200, Answer) };

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    [Fact]
    public async Task Emit_AsksForItsInputs_AndPrintsTheBody()
    {
        var run = await TypeAsync("emit", "chat", """{"text":"žluť"}""", "exit");

        run.ShouldBe(new Run(ExitCode.Ok, Lines($"--> channel: {DataPrompt}{Answer}", "--> Bye!"), ""));
        _source.Asked.ShouldBe(["""POST /rocketws {"jsonrpc":"2.0","method":"emit","id":0,"params":{"channel":"chat","data":{"text":"žluť"}}}"""]);
    }

    [Fact]
    public async Task NotifyAll_WithoutData_SendsTheDefault()
    {
        await TypeAsync("notify_all", "", "exit");

        _source.Asked.ShouldBe(["""POST /rocketws {"jsonrpc":"2.0","method":"notify_all","id":0,"params":{"data":{"message":"test"}}}"""]);
    }

    [Fact]
    public async Task InvalidInput_IsAskedForAgain()
    {
        var run = await TypeAsync("emit", "", "chat", "{", "[1]", "{}", "exit");

        run.Out.ShouldBe(Lines(
            "--> channel: Invalid value: ", $"channel: {DataPrompt}Invalid value: {{", $"{DataPrompt}Invalid value: [1]", $"{DataPrompt}{Answer}", "--> Bye!"));
        _source.Asked.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("", """POST /rocketws {"jsonrpc":"2.0","method":"total_subscribers","id":0}""")]
    [InlineData("all", """POST /rocketws {"jsonrpc":"2.0","method":"total_subscribers","id":0}""")]
    [InlineData("chat", """POST /rocketws {"jsonrpc":"2.0","method":"total_subscribers","id":0,"params":{"channel":"chat"}}""")]
    public async Task TotalSubscribers_AreOfOneChannelOrOfAll(string channel, string asked)
    {
        await TypeAsync("total_subscribers", channel, "exit");

        _source.Asked.ShouldBe([asked]);
    }

    [Fact]
    public async Task AvailableChannels_AsksForNothing()
    {
        await TypeAsync("available_channels", "exit");

        _source.Asked.ShouldBe(["""POST /rocketws {"jsonrpc":"2.0","method":"available_channels","id":0}"""]);
    }

    [Fact]
    public async Task Connect_GoesOnWithAnotherSource_OnceThatAnswers()
    {
        await using var other = new FakeNode { Order = (200, Answer) };

        var run = await TypeAsync($"connect {other.Url[7..]}/", "available_channels", "exit");

        run.Out.ShouldBe(Lines($"--> {Answer}", $"--> {Answer}", "--> Bye!"));
        other.Asked.ShouldBe(["""POST / {"jsonrpc":"2.0","method":"heartbeat","id":0}""", """POST / {"jsonrpc":"2.0","method":"available_channels","id":0}"""]);
        _source.Asked.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("connect", "Wrong url: . Correct example: http://domain.com")]
    [InlineData("connect ftp://domain.com", "Wrong url: ftp://domain.com. Correct example: http://domain.com")]
    [InlineData("connect http://me:secret@domain.com", "Wrong url: one with a user or a password in it. Correct example: http://domain.com")]
    [InlineData("connect 127.0.0.1:1", "Nobody answers at http://127.0.0.1:1/: Connection refused (127.0.0.1:1)")]
    public async Task Connect_ToWhatIsNoSource_StaysWhereItIs(string line, string said)
    {
        var run = await TypeAsync(line, "available_channels", "exit");

        run.Out.ShouldBe(Lines($"--> {said}", $"--> {Answer}", "--> Bye!"));
        _source.Asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task UnknownCommand_IsToldAndHelpListsThem()
    {
        var run = await TypeAsync("emits", "", "help", "exit");

        var lines = run.Out.Split(Environment.NewLine);
        lines[0].ShouldBe("--> Unknown command: emits. Type help to see what there is.");
        lines[1].ShouldStartWith("--> --> emit ");
        lines.ShouldContain(line => line.StartsWith("connect URL ", StringComparison.Ordinal));
        lines[^2].ShouldBe("--> Bye!");
    }

    [Theory]
    [InlineData("")]
    [InlineData("emit")]
    [InlineData("emit\nchat")]
    public async Task EndOfInput_EndsIt(string input)
    {
        var run = await Run.TypedAsync(input, WithToken(), "rocketws", "shell", $"{_source.Url}/rocketws");

        run.Code.ShouldBe(ExitCode.Ok);
        run.Out.ShouldEndWith(Environment.NewLine);
        _source.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task Source_ThatWantsAToken_IsGivenTheFilesOrSaysSo()
    {
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await File.WriteAllTextAsync(file, FakeNode.Token + "\n", TestContext.Current.CancellationToken);
        try
        {
            var without = await Run.TypedAsync("available_channels", [], "rocketws", "shell", $"{_source.Url}/rocketws");
            var with = await Run.TypedAsync("available_channels", [], "rocketws", "shell", $"{_source.Url}/rocketws", "--source-token-file", file);

            without.Out.ShouldBe(Lines($"--> The message source at {_source.Url}/rocketws wants its token.", "--> "));
            with.Out.ShouldBe(Lines($"--> {Answer}", "--> "));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("/nowhere/token")]
    public async Task TokensFile_ThatIsNone_IsTold(string file)
    {
        var run = await Run.TypedAsync("", [], "rocketws", "shell", $"{_source.Url}/rocketws", "--source-token-file", file);

        run.Code.ShouldBe(ExitCode.NotAllowed);
        run.Error.ShouldStartWith("pbm: The token's file cannot be read: ");
    }

    [Fact]
    public async Task OperatorsToken_IsNotForTheSource()
    {
        var run = await Run.TypedAsync("available_channels", new() { ["PBM_TOKEN"] = FakeNode.Token }, "rocketws", "shell", $"{_source.Url}/rocketws");

        run.Out.ShouldContain("wants its token");
    }

    [Fact]
    public async Task WrongUrl_OnTheCommandLine_MakesNoSense() =>
        (await Run.TypedAsync("", [], "rocketws", "shell", "ftp://x")).ShouldBe(
            new Run(ExitCode.Usage, "", Lines("pbm: Wrong url: ftp://x. Correct example: http://domain.com")));

    private static string Lines(params string[] lines) => string.Concat(lines.Select(line => line + Environment.NewLine));

    private static Dictionary<string, string> WithToken() => new() { ["ROCKETWS_TOKEN"] = FakeNode.Token };

    private Task<Run> TypeAsync(params string[] lines) => Run.TypedAsync(string.Join('\n', lines), WithToken(), "rocketws", "shell", $"{_source.Url}/rocketws");
}
