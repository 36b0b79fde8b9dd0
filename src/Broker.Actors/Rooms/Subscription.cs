using Broker.Actors.Dialects;
using Broker.Actors.Sessions;
using Broker.Messages;

namespace Broker.Actors.Rooms;

/// <summary>One session in one channel. Made by the session; the fields of its place in a loop's room belong to that room.</summary>
internal sealed class Subscription(SessionActor session, ChannelName channel, EncodingKey encoding, MemberClaim? member)
{
    public SessionActor Session { get; } = session;

    public ChannelName Channel { get; } = channel;

    public EncodingKey Encoding { get; } = encoding;

    public MemberClaim? Member { get; } = member;

    /// <summary>Whether it was taken with a proof for its channel; belongs to the session, as the next one does.</summary>
    public bool IsProven { get; set; }

    /// <summary>Ends it with its proof; null where the proof does not end.</summary>
    public ExpiryTimer? Expiry { get; set; }

    /// <summary>What was missed is wanted.</summary>
    public bool Recovers { get; init; }

    /// <summary>True once the node's room counts it; belongs to that room.</summary>
    public bool IsAdmitted { get; set; }

    /// <summary>The room of its loop; null before it is admitted and after it has left.</summary>
    public LoopRoom? Room { get; set; }

    /// <summary>The encoding's place in the node's room: set there, before the subscription is admitted.</summary>
    public int Slot { get; set; }

    /// <summary>The group it is a member of, as long as it is in a room.</summary>
    public EncodingGroup? Group { get; set; }

    public int Index { get; set; }

    /// <summary>The first of the group's frames that it gets.</summary>
    public long FromFrame { get; set; }

    /// <summary>The last of the group's frames that it does not get, being its emitter; -1 for none.</summary>
    public long LastExcept { get; set; } = -1;
}
