using System.Net;
using System.Text.Json;
using Broker.Node.Tests.Nodes;

namespace Broker.Node.Tests.Hosting;

[Trait("Needs", "server")]
public sealed class BrokerProcessTests
{
    [Fact]
    public async Task Run_WhenASettingIsWrong_EndsWith1AndOneLine()
    {
        var (exitCode, output, errors) = await BrokerProcess.RunAsync("--Broker:Limits:FrameBytes", "12");

        exitCode.ShouldBe(1);
        output.ShouldBeEmpty();
        errors.ShouldBe("broker: Broker:Limits:FrameBytes must be between 1024 and 67108864.\n");
    }

    [Theory]
    [InlineData("broker: --fnord is not an option; --help lists them.\n", "--fnord", "1")]
    [InlineData("broker: Broker:Limits:FrameBytes needs a value.\n", "--Broker:Limits:FrameBytes")]
    [InlineData("broker: Broker:Log must be one of Text, Json; it is \"xml\".\n", "--log", "xml")]
    public async Task Run_WhenAnArgumentIsWrong_EndsWith1AndOneLine(string line, params string[] arguments)
    {
        var (exitCode, _, errors) = await BrokerProcess.RunAsync(arguments);

        exitCode.ShouldBe(1);
        errors.ShouldBe(line);
    }

    [Fact]
    public async Task Run_WhenThePortIsTaken_EndsWith1AndOneLine()
    {
        await using var first = await BrokerNode.StartAsync();

        var (exitCode, _, errors) = await BrokerProcess.RunAsync("--urls", first.Url);

        exitCode.ShouldBe(1);
        errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldHaveSingleItem().ShouldContain("address already in use");
    }

    [Fact]
    public async Task Help_NamesTheOptions()
    {
        var (exitCode, output, _) = await BrokerProcess.RunAsync("--help");

        exitCode.ShouldBe(0);
        output.ShouldContain("--urls");
        output.ShouldContain("--data");
        output.ShouldContain("--log");
        output.ShouldContain("Broker__Limits__FrameBytes");
    }

    [Fact]
    public async Task Version_IsANumber()
    {
        var (exitCode, output, _) = await BrokerProcess.RunAsync("--version");

        exitCode.ShouldBe(0);
        Version.TryParse(output.Trim(), out _).ShouldBeTrue(output);
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Signal_WhileSessionsAreOpen_ClosesThemWithShutdownAndEndsWith0(string signal)
    {
        await using var node = await BrokerProcess.StartAsync();
        await using var client = await WebSocketClient.ConnectAsync(new Uri($"ws://127.0.0.1:{node.Port}/rpc"));
        await client.CallAsync("ping");

        await node.SignalAsync(signal);

        await client.WaitForCloseAsync();
        client.CloseStatus.ShouldBe((WebSocketCloseStatus)1001);
        client.CloseReason.ShouldBe("shutdown");
        (await node.WaitForExitAsync()).ShouldBe(0);
        node.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task SecondSignal_WhileAClientDoesNotAnswerTheClose_EndsAtOnce()
    {
        await using var node = await BrokerProcess.StartAsync();
        using var silent = await RawHttp.ConnectAsync(node.Port);
        await silent.SendAsync(RawHttp.Upgrade("/rpc"));
        await silent.ReadUntilAsync("\r\n\r\n");

        await node.SignalAsync("TERM");
        await silent.ReadUntilAsync("shutdown");
        await node.SignalAsync("TERM");

        (await node.WaitForExitAsync()).ShouldBe(143);
    }

    [Fact]
    public async Task Settings_FromTheEnvironmentAndTheCommandLine_AreTaken()
    {
        await using var node = await BrokerProcess.StartAsync(
            environment: [new("Broker__Echo__Path", "/mirror")], arguments: ["--Broker:Loops=1"]);
        await using var client = await WebSocketClient.ConnectAsync(new Uri($"ws://127.0.0.1:{node.Port}/mirror"));

        await client.SendAsync("hello");

        (await client.ReceiveTextAsync()).ShouldBe("hello");
        node.Output.ShouldContain("1 loops");
    }

    [Fact]
    public async Task Start_WhenFewerFilesMayBeOpenThanTheSettingsNeed_Warns()
    {
        await using var node = await BrokerProcess.StartAsync(arguments: ["--Broker:Limits:Sessions=16000000"]);

        var warning = await node.WaitForLineAsync("raise the hard limit");

        warning.ShouldContain("room for 16000000 sessions");
    }

    [Fact]
    public async Task Start_TellsHowToTryIt()
    {
        await using var node = await BrokerProcess.StartAsync();

        await node.WaitForLineAsync("Ctrl-C");

        node.Output.ShouldContain($"wscat -c ws://localhost:{node.Port}/rocketws");
        node.Output.ShouldContain($"curl http://localhost:{node.Port}/rocketws");
        node.Output.ShouldContain($"http://localhost:{node.Port}/ in two tabs");
    }

    [Fact]
    public async Task Start_WhenTheLogIsJson_WritesNothingElse()
    {
        await using var node = await BrokerProcess.StartAsync(arguments: ["--log", "json"]);
        using var http = new HttpClient();
        (await http.GetAsync($"http://127.0.0.1:{node.Port}/health/live")).StatusCode.ShouldBe(HttpStatusCode.OK);

        await node.SignalAsync("TERM");
        (await node.WaitForExitAsync()).ShouldBe(0);

        var lines = node.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.ShouldNotBeEmpty();
        lines.ShouldAllBe(line => JsonDocument.Parse(line, default).RootElement.ValueKind == JsonValueKind.Object);
    }
}
