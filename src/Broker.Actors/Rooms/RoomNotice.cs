using Broker.Messages;

namespace Broker.Actors.Rooms;

/// <summary>What subscribers of a channel are told besides its events: no offset, not in history.</summary>
/// <param name="Channel">The channel that the subscriber is in.</param>
public abstract record RoomNotice(ChannelName Channel)
{
    /// <summary>A user's first connection joined.</summary>
    public sealed record MemberJoined(ChannelName Channel, Member Member) : RoomNotice(Channel);

    /// <summary>A user's last connection left.</summary>
    public sealed record MemberLeft(ChannelName Channel, string UserId) : RoomNotice(Channel);

    /// <summary>The stream broke: what was missed cannot be told. Events go on after the position.</summary>
    public sealed record Reset(ChannelName Channel, Position Position) : RoomNotice(Channel);

    /// <summary>Said to all subscribers of an app at once.</summary>
    /// <param name="AtMs">Milliseconds since 1970.</param>
    public sealed record Broadcast(ChannelName Channel, ReadOnlyMemory<byte> Data, long AtMs) : RoomNotice(Channel);
}
