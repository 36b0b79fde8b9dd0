using Broker.Actors.Loops;
using Broker.Actors.Rooms;
using Broker.Messages;

namespace Broker.Actors.Dialects;

/// <summary>
/// A client protocol: one of the broker's, or one of your own (docs/dialects.md). One instance serves all its connections, on all loops. The two
/// <c>Encode</c> are called once per event and version, whatever the number of subscribers, on the loop of the channel's room: they are pure and keep
/// nothing.
/// </summary>
public interface IDialect
{
    /// <summary>Lower case, as in settings, logs and metrics.</summary>
    string Name { get; }

    /// <summary>Writes the message that a subscription of this version gets for an event. False: it gets none.</summary>
    /// <param name="version">What the dialect chose at <see cref="ISessionContext.Subscribe"/>: its protocol version, or what the subscriber wants to see.</param>
    bool Encode(ChannelEvent channelEvent, int version, PayloadWriter payload);

    /// <summary>Writes the message for something else that happened in the channel. False: this version does not show it.</summary>
    bool Encode(RoomNotice notice, int version, PayloadWriter payload);

    /// <summary>Starts a connection's part of the dialect, on its loop, before its first message.</summary>
    IDialectSession Open(ISessionContext session);
}
