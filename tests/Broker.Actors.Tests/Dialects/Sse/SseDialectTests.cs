using System.Text;
using Broker.Actors.Dialects.Sse;
using Broker.Actors.Loops;
using Broker.Actors.Rooms;
using Broker.Messages;

namespace Broker.Actors.Tests.Dialects.Sse;

public sealed class SseDialectTests
{
    private static readonly ChannelName Channel = new("default", "café");
    private static readonly Epoch Epoch = new(0x3f0c5a9e11d27b64, 1);

    private readonly SseDialect _dialect = new();
    private readonly PayloadWriter _payload = new();

    [Fact]
    public void Encode_OfAnEvent_IsDataWithAnIdAndNoEventLine()
    {
        _dialect.Encode(Event("""{"a":1}"""), 0, _payload).ShouldBeTrue();

        var lines = Text.Split('\n');
        lines[0].ShouldStartWith("id: ");
        SseCursor.Read(lines[0]["id: ".Length..], [Channel]).PositionIn(Channel).ShouldBe(new Position(Epoch, 42));
        lines[1..].ShouldBe(["""data: {"channel":"café","event":"said","data":{"a":1},"epoch":"3f0c5a9e11d27b64.1","offset":42}""", "", ""]);
    }

    [Theory]
    [InlineData("[1,\n2]", "[1,|2]")]
    [InlineData("[1,\r\n2\r]", "[1,||2|]")]
    [InlineData("\n1", "|1")]
    public void Encode_OfDataWithLineEnds_BeginsALineOfDataAtEach(string data, string expected)
    {
        _dialect.Encode(Event(data), 0, _payload);

        Text.ShouldContain($"\"data\":{expected},".Replace("|", "\ndata: ", StringComparison.Ordinal));
        Text.TrimEnd('\n').ShouldNotContain("\n\n");
    }

    [Fact]
    public void Encode_OfABroadcast_HasNoId()
    {
        _dialect.Encode(new RoomNotice.Broadcast(Channel, "1"u8.ToArray(), AtMs: 0), 0, _payload).ShouldBeTrue();

        Text.ShouldBe("data: {\"channel\":\"café\",\"event\":\"broadcast\",\"data\":1}\n\n");
    }

    [Fact]
    public void Encode_OfAReset_IsAnEventWithThePositionToGoOnFrom()
    {
        _dialect.Encode(new RoomNotice.Reset(Channel, new Position(Epoch, 7)), 0, _payload).ShouldBeTrue();

        Text.ShouldEndWith("\nevent: reset\ndata: {\"channel\":\"café\",\"epoch\":\"3f0c5a9e11d27b64.1\",\"offset\":7}\n\n");
    }

    [Fact]
    public void Encode_OfComingAndGoing_ShowsNothing() =>
        _dialect.Encode(new RoomNotice.MemberLeft(Channel, "ann"), 0, _payload).ShouldBeFalse();

    private string Text => Encoding.UTF8.GetString(_payload.WrittenSpan);

    private static ChannelEvent Event(string data) => new()
    {
        Channel = Channel,
        Epoch = Epoch,
        PreviousTerm = 1,
        Offset = 42,
        AtMs = 0,
        Name = "said",
        Data = Encoding.UTF8.GetBytes(data),
    };
}
