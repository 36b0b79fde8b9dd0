using System.Text;
using Broker.TestKit.WebSockets;

namespace Broker.Transport.Tests.Contract;

// Autobahn's categories 1 to 6.
public abstract partial class WebSocketContract
{
    [Theory]
    [InlineData(0)]
    [InlineData(125)]
    [InlineData(126)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(65535)]
    [InlineData(65536)]
    public async Task Framing_WhenAMessageHasThisLength_ComesBack(int length)
    {
        using var client = await OpenAsync();
        var text = new string('*', length);
        await client.SendAsync(ClientFrame.Text(text));
        await client.SendAsync(ClientFrame.Binary(Encoding.ASCII.GetBytes(text)));
        await client.SendInPiecesAsync(ClientFrame.Text(text), 997);
        (await client.ReadAsync()).ToString().ShouldBe($"text {text}");
        (await client.ReadAsync()).Payload.Length.ShouldBe(length);
        (await client.ReadAsync()).ToString().ShouldBe($"text {text}");
    }

    [Fact]
    public Task Ping_WhenItHasNoPayload_IsAnswered() => ExpectEchoAsync([ClientFrame.Ping()], "pong ");

    [Fact]
    public Task Ping_WhenItHasAPayload_IsAnsweredWithIt() => ExpectEchoAsync([ClientFrame.Ping([0, 0xFF, 0xFE, 0xFD])], "pong 00FFFEFD");

    [Fact]
    public Task Ping_WhenItIsOf125Bytes_IsAnswered() => ExpectEchoAsync([ClientFrame.Ping(new byte[125])], "pong " + new string('0', 250));

    [Fact]
    public Task Ping_WhenItIsLonger_FailsWith1002() => ExpectFailureAsync(1002, ClientFrame.Ping(new byte[126]));

    [Fact]
    public Task Ping_WhenTenComeAtOnce_AllAreAnsweredInOrder() =>
        ExpectEchoAsync(
            [.. Enumerable.Range(0, 10).Select(n => ClientFrame.Ping([(byte)n]))],
            [.. Enumerable.Range(0, 10).Select(n => $"pong 0{n}")]);

    [Fact]
    public Task Pong_WhenNobodyAskedForIt_IsIgnored() =>
        ExpectEchoAsync([ClientFrame.Pong(), ClientFrame.Pong([1]), ClientFrame.Ping([2]), ClientFrame.Text("x")], "pong 02", "text x");

    [Theory]
    [InlineData(0xC1)]
    [InlineData(0xA1)]
    [InlineData(0x91)]
    [InlineData(0xF1)]
    [InlineData(0xC9)]
    [InlineData(0xD8)]
    public Task ReservedBits_WhenOneIsSet_FailWith1002AfterWhatCameBefore(byte first) =>
        ExpectAsync([ClientFrame.Text("a"), ClientFrame.Build(first, [1]), ClientFrame.Ping()], ["text a", "close 1002"]);

    [Theory]
    [InlineData(0x83)]
    [InlineData(0x84)]
    [InlineData(0x85)]
    [InlineData(0x86)]
    [InlineData(0x87)]
    [InlineData(0x8B)]
    [InlineData(0x8C)]
    [InlineData(0x8D)]
    [InlineData(0x8E)]
    [InlineData(0x8F)]
    public Task ReservedOpcodes_WhenOneIsSent_FailWith1002AfterWhatCameBefore(byte first) =>
        ExpectAsync([ClientFrame.Text("a"), ClientFrame.Build(first, []), ClientFrame.Ping()], ["text a", "close 1002"]);

    [Fact]
    public Task Masking_WhenAFrameHasNone_FailsWith1002() => ExpectFailureAsync(1002, ClientFrame.Build(0x81, "x"u8.ToArray(), isMasked: false));

    [Fact]
    public Task Fragments_WhenAPingIsFragmented_FailWith1002() => ExpectFailureAsync(1002, ClientFrame.Build(0x09, []), ClientFrame.Continuation([], isFinal: true));

    [Fact]
    public Task Fragments_WhenAPongIsFragmented_FailWith1002() => ExpectFailureAsync(1002, ClientFrame.Build(0x0A, []), ClientFrame.Continuation([], isFinal: true));

    [Fact]
    public Task Fragments_WhenTwoMakeAMessage_ItComesBackWhole() =>
        ExpectEchoAsync([ClientFrame.Text("frag", isFinal: false), ClientFrame.Continuation("ment", isFinal: true)], "text fragment");

    [Fact]
    public Task Fragments_WhenPingsComeBetween_TheyAreAnsweredFirst() =>
        ExpectEchoAsync(
            [ClientFrame.Text("a", isFinal: false), ClientFrame.Ping([1]), ClientFrame.Continuation("b", isFinal: false), ClientFrame.Ping([2]), ClientFrame.Continuation("c", isFinal: true)],
            "pong 01", "pong 02", "text abc");

    [Fact]
    public Task Fragments_WhenThereIsNothingToContinue_FailWith1002() =>
        ExpectFailureAsync(1002, ClientFrame.Continuation("x", isFinal: true), ClientFrame.Text("y"));

    [Fact]
    public Task Fragments_WhenThereIsNothingToContinueAndMoreIsSaidToCome_FailWith1002() =>
        ExpectFailureAsync(1002, ClientFrame.Continuation("x", isFinal: false), ClientFrame.Text("y"));

    [Fact]
    public Task Fragments_WhenANewMessageBeginsWithinOne_FailWith1002() =>
        ExpectFailureAsync(1002, ClientFrame.Text("a", isFinal: false), ClientFrame.Text("b", isFinal: true));

    [Fact]
    public Task Fragments_WhenOneIsContinuedAfterItsEnd_FailAfterItsEcho() =>
        ExpectAsync(
            [ClientFrame.Text("a", isFinal: false), ClientFrame.Continuation("b", isFinal: true), ClientFrame.Continuation("c", isFinal: false)],
            ["text ab", "close 1002"]);

    public static TheoryData<string> ValidUtf8 => new()
    {
        "", "Hello-µ@ßöäüàá-UTF-8!!", "κόσμε", "\u0000", "\u0080", "\u0800", "\U00010000", "\u007F", "\u07FF", "\uFFFF", "\U0010FFFF",
        "\uD7FF", "\uE000", "\uFFFD", "\uFFFE", "\uFDD0", "\U0001FFFE", "\U000FFFFF",
    };

    [Theory]
    [MemberData(nameof(ValidUtf8))]
    public Task Utf8_WhenTextIsValid_ComesBackHoweverItIsCut(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var fragments = bytes.Select((b, i) => i == 0 ? ClientFrame.Text([b], isFinal: false) : ClientFrame.Continuation([b], isFinal: false));
        byte[][] fragmented = bytes.Length == 0 ? [] : [.. fragments, ClientFrame.Continuation([], isFinal: true)];
        return ExpectEchoAsync([ClientFrame.Text(text), .. fragmented], [.. Enumerable.Repeat($"text {text}", bytes.Length == 0 ? 1 : 2)]);
    }

    public static TheoryData<string> InvalidUtf8 => new()
    {
        "CEBAE1BDB9CF83CEBCCEB5EDA080656469746564", "80", "BF", "80BF", "C020", "E02080", "C0", "E080", "F08080", "F8", "FC", "FE", "FF",
        "C0AF", "E080AF", "F08080AF", "F8808080AF", "C1BF", "E09FBF", "F08FBFBF", "C080", "E08080", "F0808080", "EDA080", "EDBFBF", "EDA080EDB080",
        "F4908080", "F7BFBFBF", "CE", "E1BD", "F0908D",
    };

    [Theory]
    [MemberData(nameof(InvalidUtf8))]
    public async Task Utf8_WhenTextIsInvalid_FailsWith1007(string hex)
    {
        var bytes = Convert.FromHexString(hex);
        await ExpectFailureAsync(1007, ClientFrame.Text(bytes));
        await ExpectFailureAsync(1007, [.. bytes.Select((b, i) => i == 0 ? ClientFrame.Text([b], false) : ClientFrame.Continuation([b], false)), ClientFrame.Continuation([], isFinal: true)]);
    }

    [Fact]
    public async Task Utf8_WhenAFragmentIsInvalid_FailsBeforeTheMessageEnds()
    {
        using var client = await OpenAsync();
        await client.SendAsync(ClientFrame.Text(Convert.FromHexString("CEBAE1BDB9CF83CEBCCEB5F4908080"), isFinal: false));
        (await client.ReadToEndAsync()).ShouldBe(["close 1007"]);
    }

    [Fact]
    public async Task Utf8_WhenTheBeginningOfAFrameIsInvalid_FailsBeforeTheFrameEnds()
    {
        using var client = await OpenAsync();
        var frame = ClientFrame.Text([.. Convert.FromHexString("CEBAE1BDB9CF83CEBCCEB5F490"), .. new byte[100]]);
        await client.SendAsync(frame[..^100]);
        (await client.ReadToEndAsync()).ShouldBe(["close 1007"]);
    }
}
