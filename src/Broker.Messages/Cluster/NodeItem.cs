namespace Broker.Messages.Cluster;

/// <summary>
/// Everything that nodes tell each other over their links. What concerns a shard travels under its number and term
/// (<see cref="ItemHeader"/>). <c>HasMore</c> marks a slice that others of the same item follow.
/// </summary>
public abstract record NodeItem
{
    private NodeItem()
    {
    }

    // To a shard's owner

    /// <param name="Number">Of the emits of the sending incarnation to this channel; grows, not always by one.</param>
    /// <param name="Before">The number of the unanswered emit before it; 0 for none.</param>
    /// <param name="LowestOpen">Answers to numbers below it may be forgotten.</param>
    public sealed record Emit(
        ChannelName Channel,
        long Number,
        long Before,
        long LowestOpen,
        string? Name,
        ReadOnlyMemory<byte> Data,
        SessionId? Except,
        bool ExceptIsSubscriber,
        IdempotencyKey? Key) : NodeItem
    {
        /// <summary>As in <see cref="ChannelEvent.Verbatim"/>.</summary>
        public ReadOnlyMemory<byte> Verbatim { get; init; }

        /// <summary>The owner refuses it where nobody has been in the channel yet.</summary>
        public bool MustExist { get; init; }
    }

    /// <summary>The node has a room of the channel, and wants its events.</summary>
    /// <param name="Have">The last event that it has; null for none.</param>
    /// <param name="Subscribers">The node's subscribers of the channel, as of now.</param>
    /// <param name="KnowsMembers">True: it has told its subscribers of members, and is to hear who they are even where there are none.</param>
    public sealed record Interest(ChannelName Channel, Position? Have, int Subscribers, bool KnowsMembers) : NodeItem;

    public sealed record Uninterest(ChannelName Channel) : NodeItem;

    /// <summary>The node's subscribers of the channel, as of now.</summary>
    public sealed record Count(ChannelName Channel, int Subscribers) : NodeItem;

    /// <param name="Ticket">Comes back in the answer; 0 where none is wanted.</param>
    public sealed record Join(ChannelName Channel, long Session, string UserId, ReadOnlyMemory<byte> Info, long Ticket) : NodeItem;

    public sealed record Leave(ChannelName Channel, long Session, string UserId) : NodeItem;

    /// <summary>The room lacks events after those that it has.</summary>
    public sealed record Repair(ChannelName Channel, Position Have) : NodeItem;

    /// <summary>A client of the node has seen less than the node's room holds.</summary>
    public sealed record Recover(ChannelName Channel, Position Since, long Ticket) : NodeItem;

    public sealed record AskHistory(ChannelName Channel, Position? Since, int Limit, bool Backward, long Ticket) : NodeItem;

    public sealed record AskPresence(ChannelName Channel, long Ticket) : NodeItem;

    /// <summary>The room knows others in some of the buckets of <see cref="MemberDigests"/>: who is in them?</summary>
    /// <param name="Key">The digests'.</param>
    /// <param name="Buckets">Their numbers.</param>
    public sealed record PullMembers(ChannelName Channel, DigestKey Key, IReadOnlyList<byte> Buckets) : NodeItem;

    /// <summary>From here to the mark the node names all it has in the shard; what it does not name it has not.</summary>
    public sealed record AnnounceBegin : NodeItem;

    public sealed record AnnounceEnd : NodeItem;

    /// <summary>The node's copy of a history channel has no gap up to an event of the owner's term, or of one before it.</summary>
    public sealed record Held(ChannelName Channel, long Offset) : NodeItem;

    /// <summary>All that was sent since <see cref="FillBegin"/> is here.</summary>
    public sealed record FillDone(long Number) : NodeItem;

    /// <summary>An answer to <see cref="Collect"/> begins; one that was under way is void.</summary>
    public sealed record HoldingsBegin : NodeItem;

    /// <summary>What the node has of a channel of the shard.</summary>
    /// <param name="LastTerm">The term of the event at the position.</param>
    /// <param name="FirstOffset">The first of its events, which go on to the position; 0 when it has none.</param>
    public sealed record Holding(
        ChannelName Channel, Position Position, long LastTerm, IReadOnlyList<Boundary> Boundaries, long FirstOffset, IReadOnlyList<EmitId> Numbers) : NodeItem;

    public sealed record HoldingsEnd : NodeItem;

    /// <summary>Events that were asked for by <see cref="Fetch"/>; fewer when they are not there any more.</summary>
    public sealed record Fetched(ChannelName Channel, IReadOnlyList<ChannelEvent> Events, bool HasMore) : NodeItem;

    // From a shard's owner

    /// <summary>The sender has claimed the shard, under the term of the header, and asks what everybody has of it. Travels outside links.</summary>
    public sealed record Collect : NodeItem;

    /// <summary>The sender orders the shard's events from now on: announce what you have.</summary>
    public sealed record InPlace : NodeItem;

    /// <summary>Send these events of a channel.</summary>
    public sealed record Fetch(ChannelName Channel, long From, long To) : NodeItem;

    /// <summary>The node is to hold all that the shard's history channels hold; what it is sent from here to the mark is that.</summary>
    public sealed record FillBegin(long Number) : NodeItem;

    /// <summary>A channel to hold, as it stands, and its window. Its events come from here on.</summary>
    /// <param name="LastTerm">The term of the event at the position.</param>
    /// <param name="Numbers">The last number of each node's emits to the channel.</param>
    public sealed record Filled(
        ChannelName Channel,
        Position Position,
        long LastTerm,
        IReadOnlyList<Boundary> Boundaries,
        IReadOnlyList<EmitId> Numbers,
        IReadOnlyList<ChannelEvent> Events,
        bool HasMore) : NodeItem;

    public sealed record FillEnd(long Number) : NodeItem;

    /// <summary>The owner has forgotten a channel: it need not be held.</summary>
    public sealed record Forgotten(ChannelName Channel) : NodeItem;

    /// <summary>Others hold the shard's events: what no subscriber needs may go.</summary>
    public sealed record Release : NodeItem;

    /// <summary>The sender orders no more: claim the shard. All that it has ordered was sent before this.</summary>
    public sealed record HandOver : NodeItem;

    /// <summary>What became of an emit.</summary>
    public sealed record Emitted(ChannelName Channel, long Number, EmitResult Result) : NodeItem;

    /// <summary>An emit before one that came is missing: send all that are open again.</summary>
    public sealed record SendAgain(ChannelName Channel) : NodeItem;

    /// <summary>Not the owner (any more), or not under that term: the header has the term that it knows, and nothing was done.</summary>
    /// <param name="Owner">Who owns the shard, as far as the sender knows; null for nobody.</param>
    public sealed record Moved(Incarnation? Owner) : NodeItem;

    /// <summary>From now on the room gets every event after the position.</summary>
    /// <param name="IsReset">True: what the room has cannot be continued.</param>
    /// <param name="Events">What the room lacks, in order.</param>
    /// <param name="Asked">Of a reset, the place that the room said it stands at: by now it may stand elsewhere.</param>
    public sealed record Interested(
        ChannelName Channel,
        Position Position,
        long LastTerm,
        IReadOnlyList<Boundary> Boundaries,
        bool IsReset,
        IReadOnlyList<ChannelEvent> Events,
        bool HasMore,
        Position? Asked) : NodeItem;

    public sealed record Event(ChannelEvent Ordered) : NodeItem;

    public sealed record MemberCame(ChannelName Channel, Member Member) : NodeItem;

    public sealed record MemberWent(ChannelName Channel, string UserId) : NodeItem;

    /// <summary>Everybody who is here.</summary>
    public sealed record MemberList(ChannelName Channel, IReadOnlyList<Member> Members, bool HasMore) : NodeItem;

    /// <summary>In place of a long list: what it comes to, bucket by bucket. The room asks for those in which it knows others.</summary>
    /// <param name="Key">What the members were hashed under.</param>
    /// <param name="Sums">One of each bucket.</param>
    public sealed record MemberDigests(ChannelName Channel, DigestKey Key, IReadOnlyList<ulong> Sums) : NodeItem;

    /// <summary>Everybody who is in these buckets.</summary>
    public sealed record MemberBuckets(
        ChannelName Channel, DigestKey Key, IReadOnlyList<byte> Buckets, IReadOnlyList<Member> Members, bool HasMore) : NodeItem;

    public sealed record JoinAnswered(ChannelName Channel, long Ticket, Refusal Refusal) : NodeItem;

    public sealed record Recovered(ChannelName Channel, long Ticket, bool IsRecovered, IReadOnlyList<ChannelEvent> Events, bool HasMore) : NodeItem;

    public sealed record History(
        ChannelName Channel, long Ticket, Refusal Refusal, Position Position, IReadOnlyList<ChannelEvent> Events, bool HasMore) : NodeItem;

    public sealed record Presence(
        ChannelName Channel, long Ticket, Refusal Refusal, IReadOnlyList<Member> Members, int Connections, int Subscribers, bool HasMore) : NodeItem;

    // From either

    /// <summary>
    /// The trace that the sender's next item in the shard belongs to. An item of its own, so that a node of a release that
    /// does not know it leaves out the trace and nothing else.
    /// </summary>
    /// <param name="Traceparent">As W3C trace context writes it.</param>
    public sealed record Trace(string Traceparent) : NodeItem;

    // Between any two nodes, under no shard

    /// <summary>The node's lease has ended: it is to stop ordering, and to hand over. Travels outside links.</summary>
    public sealed record Depose : NodeItem;

    /// <param name="Channel">Null for every channel of the app.</param>
    public sealed record Ask(long Ticket, QuestionKind Kind, string App, string? Channel, ReadOnlyMemory<byte> Data, bool OncePerClient) : NodeItem;

    public sealed record Answered(long Ticket, QuestionKind Kind, int Copies, IReadOnlyList<string> Texts, bool IsPartial) : NodeItem;
}
