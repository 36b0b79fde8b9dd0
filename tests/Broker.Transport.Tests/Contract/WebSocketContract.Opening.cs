using System.Net;
using Broker.TestKit.WebSockets;

namespace Broker.Transport.Tests.Contract;

// Handshakes.
public abstract partial class WebSocketContract
{
    [Fact]
    public async Task Open_WhenTheHandshakeIsValid_AnswersWithItsKey()
    {
        using var client = await RawClient.ConnectAsync(Server.EndPoint);
        await client.SendAsync(RawClient.Request("/echo/a%20b?c=d", "Origin: http://x\r\nSec-WebSocket-Protocol: other, chat\r\n"));
        var head = await client.ReadHeadAsync();
        head.ShouldStartWith("HTTP/1.1 101 ");
        head.ShouldContain("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n");
        head.ShouldContain("\r\nSec-WebSocket-Protocol: chat\r\n");
        head.ShouldNotContain("Extensions");
        var session = await Server.Gate.NextAsync();
        var info = session.Transport.Connection;
        info.Path.ShouldBe("/echo/a b");
        info.Query.ShouldBe("c=d");
        info.Origin.ShouldBe("http://x");
        info.Remote.ShouldBe((IPEndPoint)client.Socket.LocalEndPoint!);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    public async Task Open_WhenTheHeadComesInPieces_IsTheSame(int size)
    {
        using var client = await RawClient.ConnectAsync(Server.EndPoint);
        await client.SendInPiecesAsync(RawClient.Request(), size);
        (await client.ReadHeadAsync()).ShouldStartWith("HTTP/1.1 101 ");
        await client.SendAsync(ClientFrame.Text("hello"));
        (await client.ReadAsync()).ToString().ShouldBe("text hello");
    }

    [Fact]
    public async Task Open_WhenFramesComeInTheSamePacketAsTheHead_TheyAreReadToo()
    {
        using var client = await RawClient.ConnectAsync(Server.EndPoint);
        await client.SendAsync([.. RawClient.Request(), .. ClientFrame.Text("one"), .. ClientFrame.Text("two"), .. ClientFrame.Close(1000)]);
        (await client.ReadHeadAsync()).ShouldStartWith("HTTP/1.1 101 ");
        (await client.ReadToEndAsync()).ShouldBe(["text one", "text two", "close 1000"]);
    }

    [Fact]
    public async Task Open_WhenTheVersionIsUnknown_IsRefusedWithTheRightOne()
    {
        var answer = await AskAsync(RawClient.Request(headers: "Sec-WebSocket-Version: 8\r\n"));
        answer.ShouldStartWith("HTTP/1.1 426 ");
        answer.ShouldContain("\r\nSec-WebSocket-Version: 13\r\n");
    }

    [Fact]
    public async Task Open_WhenTheNodeIsFull_IsRefusedWith503() =>
        (await AskAsync(RawClient.Request("/full"))).ShouldStartWith("HTTP/1.1 503 ");

    [Fact]
    public async Task Open_WhenThePathIsNotHere_AnotherServerGetsItUnread()
    {
        var answer = await AskAsync(RawClient.Request("/other"));
        answer.ShouldStartWith("HTTP/1.1 404 ");
        answer.ShouldContain("X-Asked: GET ");
    }

    [Fact]
    public async Task Open_WhenARequestIsPlainHttp_AnotherServerGetsItUnread() =>
        (await AskAsync("PUT /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"u8.ToArray())).ShouldContain("X-Asked: PUT ");

    [Fact]
    public async Task Open_WhenTheSessionCannotBeMade_ClosesWith1011AndGivesTheSeatBack()
    {
        using var client = await OpenAsync("/echo/broken");
        (await client.ReadToEndAsync()).ShouldBe(["close 1011"]);
        Server.Gate.Abandoned.ShouldBe(1);
    }

    private async Task<string> AskAsync(byte[] request)
    {
        using var client = await RawClient.ConnectAsync(Server.EndPoint);
        await client.SendAsync(request);
        return await client.ReadTextToEndAsync();
    }
}
