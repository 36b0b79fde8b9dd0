using System.Text;
using Broker.TestKit.WebSockets;
using Broker.Transport.Framing;

namespace Broker.Transport.Tests.Framing;

public sealed class MessageReaderTests
{
    private static readonly string[] Hello = ["text hello"];

    [Fact]
    public void Read_WhenAMessageLiesWholeInTheInput_DeliversItWhereItLies()
    {
        using var reader = new MessageReader(64 * 1024, isDeflateAgreed: false);
        Span<byte> input = ClientFrame.Text("hello");
        var before = input;

        reader.Read(ref input, out var payload).ShouldBe(ReadOutcome.Text);

        payload.Overlaps(before, out var offset).ShouldBeTrue();
        offset.ShouldBe(-6);
        payload.SequenceEqual("hello"u8).ShouldBeTrue();
    }

    [Fact]
    public void Read_WhenSmallMessagesPass_AllocatesNothing()
    {
        using var reader = new MessageReader(64 * 1024, isDeflateAgreed: false);
        var frame = ClientFrame.Text("hello, this is a message of some length");
        var copy = new byte[frame.Length];
        for (var i = 0; i < 2; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var n = 0; n < 100; n++)
            {
                frame.CopyTo(copy, 0);
                Span<byte> input = copy;
                reader.Read(ref input, out _);
                reader.Read(ref input, out _);
            }

            if (i == 1)
            {
                (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(125)]
    [InlineData(126)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(65535)]
    [InlineData(65536)]
    public void Read_WhenAMessageHasThisLength_DeliversIt(int length)
    {
        var text = new string('x', length);
        ReadLog.Of(ClientFrame.Text(text), ClientFrame.Binary(new byte[length]))
            .Lines.ShouldBe([$"text {text}", $"binary {new string('0', length * 2)}"]);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    public void Read_WhenALengthIsNotInItsShortestForm_TakesIt(int lengthBytes) =>
        ReadLog.Of(ClientFrame.Build(0x81, "hello"u8.ToArray(), lengthBytes: lengthBytes)).Lines.ShouldBe(Hello);

    [Fact]
    public void Read_WhenControlFramesComeBetweenFragments_DeliversThemFirst() =>
        ReadLog.Of(
            ClientFrame.Text("he", isFinal: false), ClientFrame.Ping([1]), ClientFrame.Continuation("l", isFinal: false),
            ClientFrame.Pong([2]), ClientFrame.Continuation("lo", isFinal: true))
            .Lines.ShouldBe(["ping 01", "pong 02", "text hello"]);

    [Fact]
    public void Read_WhenFragmentsAreEmpty_DeliversTheMessage() =>
        ReadLog.Of(ClientFrame.Text("", isFinal: false), ClientFrame.Continuation("hello", isFinal: false), ClientFrame.Continuation("", isFinal: true))
            .Lines.ShouldBe(Hello);

    public static TheoryData<string, byte[]> Wrong => new()
    {
        { "rsv1 without deflate", ClientFrame.Build(0xC1, [1]) },
        { "rsv2", ClientFrame.Build(0xA1, [1]) },
        { "rsv3", ClientFrame.Build(0x91, [1]) },
        { "rsv1 on a ping", ClientFrame.Build(0xC9, []) },
        { "opcode 3", ClientFrame.Build(0x83, []) },
        { "opcode 7", ClientFrame.Build(0x87, []) },
        { "opcode 11", ClientFrame.Build(0x8B, []) },
        { "opcode 15", ClientFrame.Build(0x8F, []) },
        { "unmasked", ClientFrame.Build(0x81, [1], isMasked: false) },
        { "unmasked and empty", ClientFrame.Build(0x81, [], isMasked: false) },
        { "fragmented ping", ClientFrame.Build(0x09, []) },
        { "long ping", ClientFrame.Ping(new byte[126]) },
        { "long close", ClientFrame.Build(0x88, new byte[126]) },
        { "length with its first bit set", ClientFrame.Build(0x82, [], length: 1UL << 63, lengthBytes: 8) },
        { "continuation of nothing", ClientFrame.Continuation("x", isFinal: true) },
        { "text within a message", [.. ClientFrame.Text("x", isFinal: false), .. ClientFrame.Text("x")] },
        { "binary within a message", [.. ClientFrame.Text("x", isFinal: false), .. ClientFrame.Binary([1])] },
        { "close of one byte", ClientFrame.Build(0x88, [3]) },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Read_WhenAFrameBreaksTheProtocol_FailsWith1002(string mistake, byte[] frames)
    {
        ReadLog.Of(frames).FailureCode.ShouldBe(1002, mistake);
        ReadLog.Of([.. frames.Select(b => new[] { b })]).FailureCode.ShouldBe(1002, mistake);
    }

    [Fact]
    public void Read_WhenTheFirstByteIsWrong_FailsAtOnce() => ReadLog.Of([0xF1]).FailureCode.ShouldBe(1002);

    [Theory]
    [InlineData(0, false)]
    [InlineData(999, false)]
    [InlineData(1000, true)]
    [InlineData(1003, true)]
    [InlineData(1004, false)]
    [InlineData(1005, false)]
    [InlineData(1006, false)]
    [InlineData(1007, true)]
    [InlineData(1014, true)]
    [InlineData(1015, false)]
    [InlineData(1016, false)]
    [InlineData(2999, false)]
    [InlineData(3000, true)]
    [InlineData(4999, true)]
    [InlineData(5000, false)]
    [InlineData(65535, false)]
    public void Read_WhenACloseHasThisCode_TakesOnlyThoseThatMayBeSent(int code, bool isValid) =>
        ReadLog.Of(ClientFrame.Close(code)).FailureCode.ShouldBe(isValid ? null : 1002);

    [Fact]
    public void Read_WhenACloseReasonIsNotUtf8_FailsWith1007() =>
        ReadLog.Of(ClientFrame.Close(1000, [0xCE, 0xBA, 0xE1, 0xBD])).FailureCode.ShouldBe(1007);

    [Fact]
    public void Read_WhenAMessageIsAtTheLimit_DeliversIt()
    {
        using var log = new ReadLog(maxMessageBytes: 10);
        log.Feed(ClientFrame.Text("0123456789")).Feed(ClientFrame.Text("01234", isFinal: false)).Feed(ClientFrame.Continuation("56789", isFinal: true))
            .Lines.ShouldBe(["text 0123456789", "text 0123456789"]);
    }

    [Fact]
    public void Read_WhenAFrameAnnouncesTooMuch_FailsWithItsHeader()
    {
        using var log = new ReadLog(maxMessageBytes: 10);
        log.Feed(ClientFrame.Build(0x82, [], length: 11)).FailureCode.ShouldBe(1009);
    }

    [Fact]
    public void Read_WhenFragmentsTogetherAreTooMuch_FailsWith1009()
    {
        using var log = new ReadLog(maxMessageBytes: 10);
        log.Feed(ClientFrame.Text("0123456789", isFinal: false)).Feed(ClientFrame.Continuation("x", isFinal: true)).FailureCode.ShouldBe(1009);
    }

    [Fact]
    public void Read_WhenTextGoesWrongInsideABigFrame_FailsBeforeTheRestHasCome()
    {
        var frame = ClientFrame.Build(0x81, [.. "κόσμε"u8.ToArray(), 0xED, 0xA0, 0x80], length: 60_000);
        ReadLog.Of(frame).FailureCode.ShouldBe(1007);
        ReadLog.Of(frame[..^2]).FailureCode.ShouldBeNull();   // 0xED alone may still become a character
        ReadLog.Of(frame[..^1]).FailureCode.ShouldBe(1007);   // 0xED 0xA0 is the beginning of a surrogate
    }

    [Fact]
    public void Read_WhenTextEndsWithinACharacter_FailsWith1007()
    {
        ReadLog.Of(ClientFrame.Text([0xCE])).FailureCode.ShouldBe(1007);
        ReadLog.Of(ClientFrame.Text([0xCE], isFinal: false), ClientFrame.Continuation([], isFinal: true)).FailureCode.ShouldBe(1007);
    }

    [Fact]
    public void Read_WhenACharacterIsCutByFragments_DeliversTheText() =>
        ReadLog.Of(ClientFrame.Text([0xF0, 0x9F], isFinal: false), ClientFrame.Continuation([0x98], isFinal: false), ClientFrame.Continuation([0x80], isFinal: true))
            .Lines.ShouldBe(["text 😀"]);

    [Fact]
    public void Read_WhenInputIsSplitAnyhow_DeliversTheSame()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var stream = RandomStream.Make(random);
            using var whole = new ReadLog();
            using var split = new ReadLog();
            whole.Feed(stream);
            for (var start = 0; start < stream.Length;)
            {
                var length = Math.Min(stream.Length - start, random.Next(3) switch { 0 => 1, 1 => random.Next(1, 20), _ => random.Next(1, 5000) });
                split.Feed(stream[start..(start + length)]);
                start += length;
            }

            split.Lines.ShouldBe(whole.Lines, $"seed {seed}");
        }
    }

    [Fact]
    public void Read_WhenAValidStreamIsWrittenByAClient_DeliversItsMessages()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var expected = new List<string>();
            using var log = new ReadLog();
            for (var n = 0; n < 20; n++)
            {
                var text = RandomStream.Text(random);
                expected.Add($"text {text}");
                foreach (var frame in RandomStream.Fragments(random, Encoding.UTF8.GetBytes(text)))
                {
                    log.Feed(frame);
                }
            }

            log.Lines.ShouldBe(expected, $"seed {seed}");
        }
    }
}
