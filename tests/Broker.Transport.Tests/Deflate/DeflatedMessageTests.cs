using System.IO.Compression;
using System.Text;
using Broker.TestKit.WebSockets;
using Broker.Transport.Tests.Framing;

namespace Broker.Transport.Tests.Deflate;

public sealed class DeflatedMessageTests
{
    private const byte DeflatedText = 0xC1;

    [Theory]
    [InlineData("F248CDC9C90700", "Hello")]                 // RFC 7692 section 7.2.3.1
    [InlineData("000500FAFF48656C6C6F00", "Hello")]         // 7.2.3.3: no compression
    [InlineData("F348CDC9C9070000", "Hello")]               // 7.2.3.4: BFINAL set
    [InlineData("F24805000000FFFFCAC9C90700", "Hello")]     // 7.2.3.5: two blocks
    [InlineData("00", "")]                                  // 7.2.3.6
    public void Read_WhenAMessageIsDeflatedLikeThis_InflatesIt(string hex, string text)
    {
        using var log = Log();
        log.Feed(ClientFrame.Build(DeflatedText, Convert.FromHexString(hex))).Lines.ShouldBe([$"text {text}"]);
    }

    [Fact]
    public void Read_WhenADeflatedMessageComesInFragments_InflatesIt()
    {
        using var log = Log();
        log.Feed(ClientFrame.Build(0x41, [0xF2, 0x48, 0xCD])).Feed(ClientFrame.Ping([9])).Feed(ClientFrame.Continuation([0xC9, 0xC9, 0x07, 0x00], isFinal: true))
            .Lines.ShouldBe(["ping 09", "text Hello"]);
    }

    [Fact]
    public void Read_WhenPlainAndDeflatedMessagesAlternate_ReadsBoth()
    {
        using var log = Log();
        log.Feed(ClientFrame.Text("a")).Feed(Deflated("b")).Feed(ClientFrame.Text("c")).Feed(Deflated("d"))
            .Lines.ShouldBe(["text a", "text b", "text c", "text d"]);
    }

    [Fact]
    public void Read_WhenAContinuationHasRsv1_FailsWith1002()
    {
        using var log = Log();
        log.Feed(ClientFrame.Build(0x41, [0xF2, 0x48])).Feed(ClientFrame.Build(0xC0, [0xCD])).FailureCode.ShouldBe(1002);
    }

    [Theory]
    [InlineData("FFFFFFFF")]     // no such block type
    [InlineData("F248CD")]       // cut within a block
    [InlineData("")]
    [InlineData("4203")]         // points before the beginning
    public void Read_WhenTheDataCannotBeInflated_FailsWith1007(string hex)
    {
        using var log = Log();
        log.Feed(ClientFrame.Build(DeflatedText, Convert.FromHexString(hex))).FailureCode.ShouldBe(1007);
    }

    [Fact]
    public void Read_WhenTheInflatedSizeIsAtTheLimit_DeliversIt()
    {
        using var log = Log(100_000);
        log.Feed(Deflated(new string('x', 100_000))).Lines.ShouldBe([$"text {new string('x', 100_000)}"]);
    }

    [Fact]
    public void Read_WhenABombIsOneByteTooBig_FailsWith1009()
    {
        using var log = Log(100_000);
        log.Feed(Deflated(new string('x', 100_001))).FailureCode.ShouldBe(1009);
    }

    [Fact]
    public void Read_WhenABombIsHuge_StopsAtTheLimit()
    {
        var bomb = Deflated(new string('x', 200_000_000));
        using var log = Log();
        var before = GC.GetTotalAllocatedBytes();
        log.Feed(bomb).FailureCode.ShouldBe(1009);
        (GC.GetTotalAllocatedBytes() - before).ShouldBeLessThan(5_000_000);
    }

    [Fact]
    public void Read_WhenInflatedTextIsNotUtf8_FailsBeforeTheRestHasCome()
    {
        using var log = Log();
        var data = Deflate([.. Encoding.UTF8.GetBytes(new string('a', 1000)), 0xC0, .. new byte[100]]);
        log.Feed(ClientFrame.Build(0x41, data)).FailureCode.ShouldBe(1007);
    }

    [Fact]
    public void Read_WhenDeflatedInputIsSplitAnyhow_DeliversTheSame()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var text = RandomStream.Text(random);
            using var log = Log();
            var data = Deflate(Encoding.UTF8.GetBytes(text));
            var cut = random.Next(data.Length + 1);
            byte[] stream = [.. ClientFrame.Build(0x41, data[..cut]), .. ClientFrame.Continuation(data[cut..], isFinal: true)];
            for (var start = 0; start < stream.Length;)
            {
                var length = Math.Min(stream.Length - start, random.Next(1, 400));
                log.Feed(stream[start..(start + length)]);
                start += length;
            }

            log.Lines.ShouldBe([$"text {text}"], $"seed {seed}");
        }
    }

    private static ReadLog Log(int maxMessageBytes = 64 * 1024) => new(maxMessageBytes, isDeflateAgreed: true);

    private static byte[] Deflated(string text) => ClientFrame.Build(DeflatedText, Deflate(Encoding.UTF8.GetBytes(text)));

    private static byte[] Deflate(byte[] payload)
    {
        using var output = new MemoryStream();
        using var deflater = new DeflateStream(output, CompressionLevel.Optimal, leaveOpen: true);
        if (payload.Length == 0)
        {
            return [0x00];
        }

        deflater.Write(payload);
        deflater.Flush();
        return output.ToArray()[..^4];
    }
}
