using Broker.Node.Connections;
using Broker.Node.Settings;

namespace Broker.Node.Tests.Connections;

public sealed class ConnectionRoomTests
{
    [Theory]
    [InlineData(1_024L, 512, 128, 128)]
    [InlineData(20_000L, 14_744, 2_500, 2_500)]
    [InlineData(1_048_576L, 1_028_320, 10_000, 10_000)]
    [InlineData(100L, 16, 32, 32)]
    [InlineData(null, int.MaxValue, 10_000, 10_000)]
    public void Of_NoSettings_SharesTheOpenFiles(long? openFiles, int sessions, int handshakes, int http)
    {
        var room = ConnectionRoom.Of(new LimitsOptions(), openFiles);

        (room.Sessions, room.OpenHandshakes, room.HttpConnections).ShouldBe((sessions, handshakes, http));
        room.IsEnough.ShouldBeTrue();
    }

    [Theory]
    [InlineData(500, 500, true)]
    [InlineData(513, 512, false)]
    public void Of_MoreSessionsThanThereIsRoomFor_SaysSo(int wanted, int sessions, bool isEnough)
    {
        var room = ConnectionRoom.Of(new LimitsOptions { Sessions = wanted }, openFiles: 1_024);

        room.Sessions.ShouldBe(sessions);
        room.IsEnough.ShouldBe(isEnough);
    }
}
