using System.Text;
using Broker.Transport.Handshake;

namespace Broker.Transport.Tests.Handshake;

public sealed class RequestHeadTests
{
    private const string Plain = "GET /rpc?v=1 HTTP/1.1\r\nHost: x\r\nX-A:  one \r\nx-a:two\r\n\r\n";

    [Fact]
    public void TryRead_WhenAHeadIsWhole_GivesItsParts()
    {
        RequestHead.TryRead(Encoding.ASCII.GetBytes(Plain + "frame"), RequestHead.DefaultMaxBytes, out var head, out var length).ShouldBe(HeadOutcome.Complete);

        length.ShouldBe(Plain.Length);
        head!.Method.ShouldBe("GET");
        head.RawPath.ShouldBe("/rpc");
        head.Query.ShouldBe("v=1");
        head.Values("X-A").ShouldBe(["one", "two"]);
        head.Single("host").ShouldBe("x");
        head.Single("x-a").ShouldBeNull();
    }

    [Fact]
    public void TryRead_WhenAnyPartIsMissing_WaitsForIt()
    {
        for (var length = 0; length < Plain.Length; length++)
        {
            Read(Plain[..length]).ShouldBe(HeadOutcome.Incomplete, $"{length} bytes");
        }
    }

    [Theory]
    [InlineData("GET / HTTP/1.0\r\nHost: x\r\n\r\n")]
    [InlineData("GET / HTTP/2\r\nHost: x\r\n\r\n")]
    [InlineData("GET /\r\nHost: x\r\n\r\n")]
    [InlineData("GET  HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET / / HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET * HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET rpc HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET /a#b HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("G(T / HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nA : b\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nA\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n: b\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nA: b\nC: d\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nA: b\rC\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nA: \u0001\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: \0\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: \0")]
    [InlineData("\u0016\u0003\u0001")]
    [InlineData("\r\nGET / HTTP/1.1\r\n")]
    public void TryRead_WhenAHeadIsNotHttp11_SaysSo(string text) => Read(text).ShouldBe(HeadOutcome.Malformed);

    [Fact]
    public void TryRead_WhenAHeadIsOverTheLimit_SaysSoBeforeItsEnd()
    {
        Read("GET /" + new string('x', RequestHead.DefaultMaxBytes)).ShouldBe(HeadOutcome.TooLarge);
        Read("GET / HTTP/1.1\r\nA: " + new string('x', RequestHead.DefaultMaxBytes) + "\r\n\r\n").ShouldBe(HeadOutcome.TooLarge);
        Read("GET / HTTP/1.1\r\n" + string.Concat(Enumerable.Repeat("A: b\r\n", RequestHead.MaxHeaders + 1)) + "\r\n").ShouldBe(HeadOutcome.TooLarge);
    }

    [Fact]
    public void TryRead_WhenTheTargetIsAbsolute_TakesItsPath()
    {
        RequestHead.TryRead("GET http://x:80/rpc?a=b HTTP/1.1\r\nHost: x\r\n\r\n"u8, RequestHead.DefaultMaxBytes, out var head, out _);
        head!.RawPath.ShouldBe("/rpc");
        head.Query.ShouldBe("a=b");
    }

    [Fact]
    public void TryRead_WhenBytesAreRandom_NeverThrows()
    {
        var seedText = Encoding.ASCII.GetBytes(Plain);
        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            var bytes = (byte[])seedText.Clone();
            for (var n = random.Next(1, 4); n > 0; n--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            if (RequestHead.TryRead(bytes, RequestHead.DefaultMaxBytes, out var head, out _) == HeadOutcome.Complete)
            {
                UpgradeRequest.TryRead(head!, out var refusal).ShouldBeNull();
                refusal.ShouldNotBeNull();
            }
        }
    }

    private static HeadOutcome Read(string text) =>
        RequestHead.TryRead(Encoding.Latin1.GetBytes(text), RequestHead.DefaultMaxBytes, out _, out _);
}
