using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using Broker.Node.Tests.Connections;
using Broker.TestKit.WebSockets;

namespace Broker.Node.Tests.Campaign;

/// <summary>Whatever one client sends, the node serves the next, and keeps nothing of the first.</summary>
[Trait("Needs", "server")]
public sealed class BadInputTests(ThreeWays nodes) : IClassFixture<ThreeWays>
{
    private const string Deflate = "Sec-WebSocket-Extensions: permessage-deflate\r\n";
    private const int Subscriptions = 1_000;   // that the documented limit allows
    private const int Attempts = 10_000;
    private const int HalfSent = 2_000;

    private static readonly WayIn[] Ways = [WayIn.Fast, WayIn.Pipe, WayIn.Upgrade];

    public static IEnumerable<TheoryDataRow<WayIn, string>> Frames => OverEachWay(BadFrames.Plain.Keys);

    public static IEnumerable<TheoryDataRow<WayIn, string>> DeflatedFrames => OverEachWay(BadFrames.Deflated.Keys);

    public static IEnumerable<TheoryDataRow<WayIn, string>> Messages => OverEachWay(BadMessages.All.Keys);

    public static IEnumerable<TheoryDataRow<WayIn, string>> Connections => OverEachWay(BadConnections.All.Keys);

    [Theory]
    [MemberData(nameof(Frames))]
    public Task Frame_ThatBreaksTheProtocol_ClosesItsSessionAlone(WayIn way, string frame) =>
        ClosesAsync(way, BadFrames.Plain[frame], headers: "");

    [Theory]
    [MemberData(nameof(DeflatedFrames))]
    public Task DeflatedFrame_ThatBreaksTheProtocol_ClosesItsSessionAlone(WayIn way, string frame) =>
        ClosesAsync(way, BadFrames.Deflated[frame], Deflate);

    [Theory]
    [MemberData(nameof(Messages))]
    public async Task Message_ThatCannotBeServed_IsAnsweredAndItsSessionLivesOn(WayIn way, string message)
    {
        var node = await nodes.AtAsync(way);
        var (frame, codeOfNative, codeOfRocketWs) = BadMessages.All[message];
        foreach (var (path, method, code) in new[] { ("/rpc", "ping", codeOfNative), ("/rocketws", "heartbeat", codeOfRocketWs) })
        {
            using var client = await CrowdClient.OpenAsync(node.EndPoint(), path);
            await client.SendBytesAsync(frame);
            (await client.ReceiveAsync()).ShouldContain(string.Create(CultureInfo.InvariantCulture, $"\"code\":{code},"));
            await client.CallAsync(method, "{}");
        }

        await nodes.ShouldBeAsBeforeAsync(node);
    }

    [Theory]
    [MemberData(nameof(Connections))]
    public async Task Connection_ThatGoesWrong_LeavesNothingBehind(WayIn way, string connection)
    {
        if (way == WayIn.Upgrade && connection == "nothing at all")
        {
            return;   // only Kestrel itself is there to bound silence, and takes 130 s
        }

        var node = await nodes.AtAsync(way);

        await BadConnections.All[connection](node.EndPoint());

        await nodes.ShouldBeAsBeforeAsync(node);
    }

    [Theory]
    [InlineData(WayIn.Fast, "/rpc", -32030)]
    [InlineData(WayIn.Fast, "/rocketws", -32000)]
    [InlineData(WayIn.Pipe, "/rpc", -32030)]
    [InlineData(WayIn.Pipe, "/rocketws", -32000)]
    [InlineData(WayIn.Upgrade, "/rpc", -32030)]
    [InlineData(WayIn.Upgrade, "/rocketws", -32000)]
    public async Task Subscribe_10000Times_IsRefusedFromTheLimitOn(WayIn way, string path, int code)
    {
        var node = await nodes.AtAsync(way);
        using var client = await CrowdClient.OpenAsync(node.EndPoint(), path);

        // Some at a time: who asks for more answers than its outbox holds without taking them is closed as slow.
        var refused = new List<int>();
        foreach (var some in Enumerable.Range(1, Attempts).Chunk(500))
        {
            await client.SendBytesAsync([.. some.SelectMany(n => ClientFrame.Text(Subscribe(n)))]);
            for (var n = 0; n < some.Length; n++)
            {
                using var answer = JsonDocument.Parse(await client.ReceiveAsync());
                if (answer.RootElement.TryGetProperty("error", out var error))
                {
                    error.GetProperty("code").GetInt32().ShouldBe(code);
                    refused.Add(answer.RootElement.GetProperty("id").GetInt32());
                }
            }
        }

        refused.Order().SequenceEqual(Enumerable.Range(Subscriptions + 1, Attempts - Subscriptions)).ShouldBeTrue($"{refused.Count} were refused");
        await client.CallAsync("unsubscribe", """{"channel":"many-1"}""");
        await client.SubscribeAsync("one more");
        client.Dispose();
        await nodes.ShouldBeAsBeforeAsync(node);
    }

    [Theory]
    [InlineData(WayIn.Fast)]
    [InlineData(WayIn.Pipe)]
    [InlineData(WayIn.Upgrade)]
    public async Task Heads_HalfSentByThousands_HoldUpNobodyAndAreCut(WayIn way)
    {
        var node = await nodes.AtAsync(way);
        var sockets = new List<Socket>();
        for (var n = 0; n < HalfSent; n++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            sockets.Add(socket);
            await socket.ConnectAsync(node.EndPoint());
            await socket.SendAsync(RawClient.Request("/rpc").AsMemory(0, 60 + (n % 60)));
        }

        await node.ShouldServeAsync();

        using var patience = new CancellationTokenSource(NodeUnderTest.Patience);
        await Task.WhenAll(sockets.Select(socket => ReadToTheEndAsync(socket, patience.Token)));
        await nodes.ShouldBeAsBeforeAsync(node);
    }

    private static IEnumerable<TheoryDataRow<WayIn, string>> OverEachWay(IEnumerable<string> names) =>
        from name in names
        from way in Ways
        select new TheoryDataRow<WayIn, string>(way, name);

    private static string Subscribe(int n) =>
        Calls.Request("subscribe", string.Create(CultureInfo.InvariantCulture, $$"""{"channel":"many-{{n}}"}"""), n);

    private static async Task ReadToTheEndAsync(Socket socket, CancellationToken cancellationToken)
    {
        using var mine = socket;
        try
        {
            var buffer = new byte[1_024];
            while (await socket.ReceiveAsync(buffer, cancellationToken) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // Cut rather than closed.
        }
    }

    private async Task ClosesAsync(WayIn way, (byte[] Bytes, int Code) bad, string headers)
    {
        var node = await nodes.AtAsync(way);
        using (var client = await RawClient.OpenAsync(node.EndPoint(), "/rpc", headers))
        {
            await client.SendAsync(bad.Bytes);
            (await client.ReadToEndAsync()).ShouldBe([string.Create(CultureInfo.InvariantCulture, $"close {bad.Code}")]);
        }

        await nodes.ShouldBeAsBeforeAsync(node);
    }
}
