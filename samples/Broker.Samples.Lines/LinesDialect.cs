using System.Text;
using Broker.Actors.Dialects;
using Broker.Actors.Loops;
using Broker.Actors.Rooms;
using Broker.Messages;

namespace Broker.Samples.Lines;

/// <summary>
/// A dialect for people with nothing but a terminal, one line per message:
/// <code>
/// > join CHANNEL            &lt; joined CHANNEL
/// > leave CHANNEL           &lt; left CHANNEL
/// > say CHANNEL TEXT        &lt; said CHANNEL RECEIVERS
///                           &lt; CHANNEL DATA                an event, its data as JSON: "TEXT" where it was said here
///                           &lt; lost CHANNEL                events of the channel may be missing
///                           &lt; error WHAT REASON
/// </code>
/// One instance serves all its connections: it keeps nothing.
/// </summary>
public sealed class LinesDialect : IDialect
{
    public string Name => "lines";

    /// <summary>Called once per event, however many subscribers there are; all of them are sent the same bytes.</summary>
    public bool Encode(ChannelEvent channelEvent, int version, PayloadWriter payload)
    {
        ArgumentNullException.ThrowIfNull(channelEvent);
        ArgumentNullException.ThrowIfNull(payload);
        payload.Write(Encoding.UTF8.GetBytes(channelEvent.Channel.Text));
        payload.Write(" "u8);
        payload.Write(channelEvent.Data.Span);
        return true;
    }

    /// <summary>What is not shown gets false.</summary>
    public bool Encode(RoomNotice notice, int version, PayloadWriter payload)
    {
        ArgumentNullException.ThrowIfNull(payload);
        if (notice is not RoomNotice.Reset)
        {
            return false;
        }

        payload.Write("lost "u8);
        payload.Write(Encoding.UTF8.GetBytes(notice.Channel.Text));
        return true;
    }

    public IDialectSession Open(ISessionContext session) => new LinesSession(session);
}
