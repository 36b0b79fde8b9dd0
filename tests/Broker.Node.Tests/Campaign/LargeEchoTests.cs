using System.Globalization;
using Broker.Node.Tests.Connections;
using Broker.Node.Tests.Nodes;

namespace Broker.Node.Tests.Campaign;

/// <summary>Large messages through a node, as public conformance suites send them: their sizes, their fragments, with and without deflate.</summary>
[Trait("Needs", "server")]
public sealed class LargeEchoTests
{
    private const int MiB = 1 << 20;

    [Theory]
    [InlineData(WayIn.Fast, false)]
    [InlineData(WayIn.Fast, true)]
    [InlineData(WayIn.Pipe, false)]
    [InlineData(WayIn.Pipe, true)]
    [InlineData(WayIn.Upgrade, false)]
    [InlineData(WayIn.Upgrade, true)]
    public async Task Echo_OfEverySize_ComesBackWhole(WayIn way, bool deflated)
    {
        await using var node = await StartAsync(way);
        using var client = await EchoClient.ConnectAsync(node.Socket("/echo"), deflated);

        foreach (var size in (int[])[0, 1, 125, 126, 127, 128, 65_535, 65_536, 65_537, 256 * 1024, MiB, 4 * MiB, 16 * MiB])
        {
            await client.ShouldEchoAsync(Payload(size, WebSocketMessageType.Text), WebSocketMessageType.Text, fragment: size);
            await client.ShouldEchoAsync(Payload(size, WebSocketMessageType.Binary), WebSocketMessageType.Binary, fragment: size);
        }

        await client.CloseAsync();
        await node.WaitForSessionsAsync(0);
    }

    [Theory]
    [InlineData(WayIn.Fast, false)]
    [InlineData(WayIn.Fast, true)]
    [InlineData(WayIn.Pipe, false)]
    [InlineData(WayIn.Pipe, true)]
    [InlineData(WayIn.Upgrade, false)]
    [InlineData(WayIn.Upgrade, true)]
    public async Task Echo_OfFragments_ComesBackWhole(WayIn way, bool deflated)
    {
        await using var node = await StartAsync(way);
        using var client = await EchoClient.ConnectAsync(node.Socket("/echo"), deflated);

        foreach (var (size, fragment) in ((int, int)[])[(MiB, 64), (MiB, 256), (4 * MiB, 1_024), (16 * MiB, 4_096)])
        {
            await client.ShouldEchoAsync(Payload(size, WebSocketMessageType.Text), WebSocketMessageType.Text, fragment);
            await client.ShouldEchoAsync(Payload(size, WebSocketMessageType.Binary), WebSocketMessageType.Binary, fragment);
        }

        await client.CloseAsync();
        await node.WaitForSessionsAsync(0);
    }

    private static Task<BrokerNode> StartAsync(WayIn way) =>
        WaysIn.StartAsync(way, ("Broker:Limits:FrameBytes", (64 * MiB).ToString(CultureInfo.InvariantCulture)));

    /// <summary>Text that compresses somewhat, with characters of several bytes; or bytes that do not.</summary>
    private static byte[] Payload(int size, WebSocketMessageType type)
    {
        var payload = new byte[size];
        var random = new Random(size);
        if (type == WebSocketMessageType.Binary)
        {
            random.NextBytes(payload);
            return payload;
        }

        random.GetItems("abcdefgh \n"u8, payload.AsSpan());
        for (var at = 0; at + 4 <= size; at += 61)
        {
            "😀"u8.CopyTo(payload.AsSpan(at));
        }

        return payload;
    }
}
