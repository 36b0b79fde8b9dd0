using Broker.Messages;
using Broker.Messages.Cluster;

namespace Broker.Actors.Channels;

/// <summary>Everything that a channel can be told at its owner.</summary>
internal abstract record ChannelInput
{
    private ChannelInput()
    {
    }

    /// <param name="Name">The event's name; null for none.</param>
    /// <param name="Data">Valid until the step's effects have been applied.</param>
    /// <param name="Except">A session that does not get it.</param>
    /// <param name="ExceptIsSubscriber">True when that session is among the subscribers that the channel counts.</param>
    /// <param name="Origin">Who is answered; null when nobody wants to know.</param>
    /// <param name="Call">Comes back in the answer.</param>
    internal sealed record Emit(
        ChannelName Channel,
        EmitId From,
        string? Name,
        ReadOnlyMemory<byte> Data,
        SessionId? Except,
        bool ExceptIsSubscriber,
        IdempotencyKey? Key,
        IEmitOrigin? Origin,
        object? Call) : ChannelInput
    {
        /// <summary>As in <see cref="ChannelEvent.Verbatim"/>; valid as long as the data, whose buffer it is in.</summary>
        public ReadOnlyMemory<byte> Verbatim { get; init; }

        /// <summary>It is refused where nobody has been in the channel yet.</summary>
        public bool MustExist { get; init; }

        /// <summary>What it holds of memory while it waits.</summary>
        public int Bytes => Data.Length + Verbatim.Length;

        /// <summary>For metrics and traces.</summary>
        public Cause Cause { get; init; }
    }

    /// <summary>A node has its first subscriber.</summary>
    /// <param name="Have">The last event that the node's room has; null for none.</param>
    /// <param name="Subscribers">The node's subscribers, as of now.</param>
    /// <param name="KnowsMembers">True: the room has told its subscribers of members.</param>
    internal sealed record Interest(Incarnation Node, Position? Have, int Subscribers = 0, bool KnowsMembers = false) : ChannelInput;

    /// <summary>A node has no subscriber any more.</summary>
    internal sealed record Uninterest(Incarnation Node) : ChannelInput;

    /// <summary>A node's subscribers, as of now.</summary>
    internal sealed record Count(Incarnation Node, int Subscribers) : ChannelInput;

    /// <param name="Ticket">Comes back in the answer.</param>
    /// <param name="IsAgain">True after the owner's state was lost: clients know this member already.</param>
    internal sealed record Join(SessionId Session, string UserId, ReadOnlyMemory<byte> Info, long Ticket, bool IsAgain = false) : ChannelInput;

    internal sealed record Leave(SessionId Session, string UserId) : ChannelInput;

    /// <summary>A room knows others in some buckets of the members' digest.</summary>
    internal sealed record PullMembers(Incarnation Node, DigestKey Key, IReadOnlyList<byte> Buckets) : ChannelInput;

    /// <summary>A room lacks events from an offset on.</summary>
    internal sealed record Repair(Incarnation Node, Position Have) : ChannelInput;

    /// <summary>A client of another node has seen less than that node's room holds.</summary>
    /// <param name="Ticket">Comes back in the answer.</param>
    internal sealed record Recover(Incarnation Node, Position Since, long Ticket) : ChannelInput;

    /// <param name="Since">Events after this position (or, backward, before it); null from the window's end that the direction starts at.</param>
    /// <param name="Limit">At most this many; 0 for the position only.</param>
    internal sealed record History(Position? Since, int Limit, bool Backward, object Origin) : ChannelInput;

    internal sealed record WhoIsHere(object Origin) : ChannelInput;

    /// <summary>A node is gone: its interest and its members go with it.</summary>
    internal sealed record NodeGone(Incarnation Node) : ChannelInput;

    /// <summary>Time has passed: what is too old goes.</summary>
    internal sealed record Expire : ChannelInput
    {
        public static Expire Instance { get; } = new();
    }
}
