using System.Text;
using Broker.Transport.Deflate;
using Broker.Transport.Handshake;

namespace Broker.Transport.Tests.Handshake;

public sealed class UpgradeRequestTests
{
    private const string Key = "dGhlIHNhbXBsZSBub25jZQ==";

    [Fact]
    public void TryRead_WhenAHandshakeIsValid_GivesItsParts()
    {
        var request = Read(Head(
            path: "/app/k%C3%A9y%2Fx?v=2",
            more: "Origin: https://x\r\nSec-WebSocket-Protocol: a, b\r\nSec-WebSocket-Protocol: c\r\nSec-WebSocket-Extensions: permessage-deflate\r\n"))!;

        request.Path.ShouldBe("/app/kéy%2Fx");
        request.Query.ShouldBe("v=2");
        request.Origin.ShouldBe("https://x");
        request.Subprotocols.ShouldBe(["a", "b", "c"]);
        request.Deflate.ShouldNotBeNull();
        request.Key.ShouldBe(Key);
    }

    [Theory]
    [InlineData("Upgrade: websocket", "upgrade: WebSocket")]
    [InlineData("Upgrade: websocket", "Upgrade: h2c, websocket")]
    [InlineData("Connection: Upgrade", "Connection: keep-alive, Upgrade")]
    [InlineData("Connection: Upgrade", "Connection: keep-alive\r\nConnection: upgrade")]
    public void TryRead_WhenTokensStandInLists_FindsThem(string line, string other) => Read(Head().Replace(line, other)).ShouldNotBeNull();

    [Theory]
    [InlineData("GET", "POST", 400)]
    [InlineData("Host: x\r\n", "", 400)]
    [InlineData("Host: x\r\n", "Host: x\r\nHost: y\r\n", 400)]
    [InlineData("Upgrade: websocket", "Upgrade: websockets", 400)]
    [InlineData("Connection: Upgrade", "Connection: close", 400)]
    [InlineData("Version: 13", "Version: 12", 426)]
    [InlineData("Version: 13", "Version: 13, 8", 426)]
    [InlineData("Sec-WebSocket-Version: 13\r\n", "", 426)]
    [InlineData(Key, "", 400)]
    [InlineData(Key, "dGhlIHNhbXBsZSBub25jZQ=", 400)]
    [InlineData(Key, "dGhlIHNhbXBsZSBub25jZTE=", 400)]
    [InlineData(Key, "dGhlIHNhbXBsZ!Bub25jZQ==", 400)]
    [InlineData("Host: x", "Host: x\r\nContent-Length: 5", 400)]
    [InlineData("Host: x", "Host: x\r\nTransfer-Encoding: chunked", 400)]
    [InlineData("Host: x", "Host: x\r\nSec-WebSocket-Extensions: a;;", 400)]
    [InlineData("Host: x", "Host: x\r\nSec-WebSocket-Protocol: a b", 400)]
    [InlineData("Host: x", "Host: x\r\nSec-WebSocket-Protocol: a, a", 400)]
    [InlineData("GET /", "GET /%", 400)]
    [InlineData("GET /", "GET /%zz", 400)]
    [InlineData("GET /", "GET /%00", 400)]
    [InlineData("GET /", "GET /%ff", 400)]
    public void TryRead_WhenSomethingIsWrong_RefusesWithThisStatus(string part, string instead, int status)
    {
        Parse(Head().Replace(part, instead), out var refusal).ShouldBeNull();
        refusal!.Status.ShouldBe(status);
    }

    [Fact]
    public void Accept_WhenGivenTheRfcsExample_AnswersAsItDoes()
    {
        var text = Encoding.ASCII.GetString(HandshakeResponse.Accept(Read(Head())!, "chat", new DeflateParameters(10)));
        text.ShouldBe(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: chat\r\n"
            + "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=10\r\n\r\n");
    }

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(429)]
    [InlineData(431)]
    [InlineData(503)]
    public void Refuse_WhenGivenAStatus_ClosesWithABody(int status)
    {
        var text = Encoding.ASCII.GetString(HandshakeResponse.Refuse(new HandshakeRefusal(status, "No.")));
        text.ShouldStartWith($"HTTP/1.1 {status} ");
        text.ShouldContain("\r\nConnection: close\r\n");
        text.ShouldContain("\r\nContent-Length: 4\r\n");
        text.ShouldEndWith("\r\n\r\nNo.\n");
    }

    [Fact]
    public void Refuse_WhenTheVersionIsWrong_NamesTheRightOne() =>
        Encoding.ASCII.GetString(HandshakeResponse.Refuse(HandshakeRefusal.WrongVersion)).ShouldContain("\r\nSec-WebSocket-Version: 13\r\n");

    private static string Head(string path = "/", string more = "") =>
        $"GET {path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {Key}\r\nSec-WebSocket-Version: 13\r\n{more}\r\n";

    private static UpgradeRequest? Read(string text)
    {
        var request = Parse(text, out var refusal);
        refusal.ShouldBeNull();
        return request;
    }

    private static UpgradeRequest? Parse(string text, out HandshakeRefusal? refusal)
    {
        RequestHead.TryRead(Encoding.ASCII.GetBytes(text), RequestHead.DefaultMaxBytes, out var head, out _).ShouldBe(HeadOutcome.Complete);
        return UpgradeRequest.TryRead(head!, out refusal);
    }
}
