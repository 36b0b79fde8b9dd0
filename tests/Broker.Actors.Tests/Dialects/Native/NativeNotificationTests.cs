using System.Text;
using Broker.Actors.Dialects.Native;
using Broker.Actors.Loops;
using Broker.Actors.Rooms;
using Broker.Messages;

namespace Broker.Actors.Tests.Dialects.Native;

public sealed class NativeNotificationTests
{
    private static readonly ChannelName Channel = new("default", "a\"b\u0001é");
    private static readonly Member Ann = new("ann", "{\"n\":1}"u8.ToArray(), Connections: 1);

    private readonly NativeDialect _dialect = new(new NativeOptions());

    [Fact]
    public void Encode_OfReset_TellsThePosition() =>
        Encode(new RoomNotice.Reset(Channel, new Position(new Epoch(0xabc, 2), 7)), version: 0).ShouldBe(
            """{"jsonrpc":"2.0","method":"reset","params":{"channel":"a\"b\u0001é","epoch":"0000000000000abc.2","offset":7}}""");

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void Encode_OfMembers_IsForThoseWhoAskedForThem(int version, bool isShown)
    {
        (Encode(new RoomNotice.MemberJoined(Channel, Ann), version) is not null).ShouldBe(isShown);
        (Encode(new RoomNotice.MemberLeft(Channel, "ann"), version) is not null).ShouldBe(isShown);
    }

    private string? Encode(RoomNotice notice, int version)
    {
        var payload = new PayloadWriter();
        return _dialect.Encode(notice, version, payload) ? Encoding.UTF8.GetString(payload.WrittenSpan) : null;
    }
}
