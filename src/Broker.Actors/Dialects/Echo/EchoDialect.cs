using Broker.Actors.Loops;
using Broker.Actors.Rooms;
using Broker.Messages;

namespace Broker.Actors.Dialects.Echo;

/// <summary>Sends back what comes, text as text and bytes as bytes: the smallest dialect, and a way to try a connection.</summary>
public sealed class EchoDialect : IDialect
{
    public string Name => "echo";

    public bool Encode(ChannelEvent channelEvent, int version, PayloadWriter payload) => false;

    public bool Encode(RoomNotice notice, int version, PayloadWriter payload) => false;

    public IDialectSession Open(ISessionContext session) => new EchoSession(session);
}
