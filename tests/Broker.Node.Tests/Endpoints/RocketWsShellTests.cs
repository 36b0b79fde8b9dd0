using System.Diagnostics;
using Broker.Node.Tests.Nodes;

namespace Broker.Node.Tests.Endpoints;

/// <summary><c>pbm rocketws shell</c> as a process of its own, in front of a node.</summary>
[Trait("Needs", "server")]
public sealed class RocketWsShellTests
{
    [Fact]
    public async Task Emit_ReachesWhoSubscribed_AndTheBodySaysHowMany()
    {
        await using var node = await BrokerProcess.StartAsync();
        await using var subscriber = await WebSocketClient.ConnectAsync(new Uri($"ws://127.0.0.1:{node.Port}/rocketws"));
        await subscriber.SendAsync("""{"jsonrpc":"2.0","id":0,"method":"subscribe","params":{"channel":"chat"}}""");
        (await subscriber.ReceiveTextAsync()).ShouldBe("""{"jsonrpc":"2.0","result":"subscribed","id":0}""");

        var (code, output) = await TypeAsync(node, "available_channels", "emit", "chat", "", "exit");

        code.ShouldBe(0);
        output.Split(Environment.NewLine).ShouldBe(
        [
            """--> {"jsonrpc":"2.0","result":["chat"],"id":0}""",
            """--> channel: data [{"message": "test"}]: {"jsonrpc":"2.0","result":"emitted: 1","id":0}""",
            "--> Bye!",
            "",
        ]);
        (await subscriber.ReceiveTextAsync())!.ShouldStartWith("""{"message":"test","__type":"message","__ts":""");
    }

    private static async Task<(int ExitCode, string Output)> TypeAsync(BrokerProcess node, params string[] lines)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var shell = Process.Start(new ProcessStartInfo(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "pbm.dll"), "rocketws", "shell", $"http://127.0.0.1:{node.Port}/rocketws"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        await shell.StandardInput.WriteAsync(string.Join('\n', lines) + "\n");
        shell.StandardInput.Close();
        var output = await shell.StandardOutput.ReadToEndAsync(patience.Token);
        await shell.WaitForExitAsync(patience.Token);
        return (shell.ExitCode, output);
    }
}
