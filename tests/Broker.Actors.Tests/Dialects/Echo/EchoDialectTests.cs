using Broker.Actors.Dialects.Echo;
using Broker.Actors.Sessions;
using Broker.TestKit.Dialects;

namespace Broker.Actors.Tests.Dialects.Echo;

public sealed class EchoDialectTests
{
    [Fact]
    public void Received_SendsBackWhatCame()
    {
        var session = new FakeBroker().Connect(new EchoDialect());
        session.Receive("text");
        session.Receive([1, 2, 0xFF], FrameKind.Binary);
        session.Sent.ShouldBe(["text"u8.ToArray(), [1, 2, 0xFF]]);
        session.SentKinds.ShouldBe([FrameKind.Text, FrameKind.Binary]);
    }
}
