using Broker.Messages;

namespace Broker.TestKit.Histories;

/// <summary>
/// One thing that a client did or saw, that the tester did, or that a look into a node showed. Nothing here is of an
/// actor: what is heard over sockets is recorded in the same words. A client is somebody who may reconnect; its name stays.
/// </summary>
/// <param name="AtMs">When, by the tester's clock. Records stand in the order in which they happened.</param>
public abstract record HistoryRecord(long AtMs)
{
    /// <summary>A client has a connection to a node. What it had subscribed to before is over.</summary>
    public sealed record Connected(long AtMs, string Client, string Node) : ClientRecord(AtMs, Client);

    /// <summary>A client's connection is over; what it hears nothing about by then it will never hear about.</summary>
    public sealed record Disconnected(long AtMs, string Client) : ClientRecord(AtMs, Client);

    public sealed record Subscribing(long AtMs, string Client, string Channel, Position? Since) : ClientRecord(AtMs, Client);

    /// <param name="At">Events after it come; where it recovered, those between come first.</param>
    public sealed record Subscribed(long AtMs, string Client, string Channel, Position At, bool Recovered) : ClientRecord(AtMs, Client);

    public sealed record Unsubscribed(long AtMs, string Client, string Channel) : ClientRecord(AtMs, Client);

    /// <param name="Event">What the emitter called it; no two emits that mean different events share a name.</param>
    public sealed record Received(long AtMs, string Client, string Channel, Position At, string Event) : ClientRecord(AtMs, Client);

    /// <summary>The broker told a subscriber that its stream broke, and goes on after a position.</summary>
    public sealed record Reset(long AtMs, string Client, string Channel, Position At) : ClientRecord(AtMs, Client);

    /// <param name="Key">The idempotency key; a repeat has the same name and key as the first.</param>
    public sealed record Emitting(long AtMs, string Client, string Channel, string Event, string? Key) : ClientRecord(AtMs, Client);

    /// <summary>The emit is acknowledged, at a place of the stream.</summary>
    public sealed record Acknowledged(long AtMs, string Client, string Channel, string Event, Position At) : ClientRecord(AtMs, Client);

    /// <param name="MayHaveHappened">False: it was not ordered, and never will be.</param>
    public sealed record Refused(long AtMs, string Client, string Channel, string Event, bool MayHaveHappened) : ClientRecord(AtMs, Client);

    /// <summary>A client asks to be present as a user.</summary>
    public sealed record Entering(long AtMs, string Client, string Channel, string User) : ClientRecord(AtMs, Client);

    /// <summary>The owner has taken it: the user is here.</summary>
    public sealed record Entered(long AtMs, string Client, string Channel, string User) : ClientRecord(AtMs, Client);

    /// <param name="IsLost">True: its connection ended without a close, so that the user stays for the grace.</param>
    public sealed record Leaving(long AtMs, string Client, string Channel, string User, bool IsLost) : ClientRecord(AtMs, Client);

    public sealed record MemberJoined(long AtMs, string Client, string Channel, string User) : ClientRecord(AtMs, Client);

    public sealed record MemberLeft(long AtMs, string Client, string Channel, string User) : ClientRecord(AtMs, Client);

    /// <summary>A client asked who is here.</summary>
    public sealed record MembersListed(long AtMs, string Client, string Channel, IReadOnlyList<string> Users) : ClientRecord(AtMs, Client);

    /// <summary>A client asked for the channel's whole window.</summary>
    public sealed record WindowListed(long AtMs, string Client, string Channel, IReadOnlyList<Position> Positions, IReadOnlyList<string> Events)
        : ClientRecord(AtMs, Client)
    {
        public override string ToString() => $"WindowListed {{ AtMs = {AtMs}, Client = {Client}, Channel = {Channel}, {Events.Count} events from {(Positions.Count > 0 ? Positions[0] : default)} }}";
    }

    // What the tester does

    public sealed record Killed(long AtMs, string Node) : HistoryRecord(AtMs);

    /// <summary>A node stands still or is cut off, so that others may take it for dead until it is back.</summary>
    public sealed record Suspended(long AtMs, string Node) : HistoryRecord(AtMs);

    public sealed record Resumed(long AtMs, string Node) : HistoryRecord(AtMs);

    /// <summary>The node's connections to RabbitMQ and PostgreSQL broke and it gets no new ones, so that others count it as lost at once.</summary>
    public sealed record CutOff(long AtMs, string Node) : HistoryRecord(AtMs);

    /// <summary>A node that was cut off is ready again.</summary>
    public sealed record CameBack(long AtMs, string Node) : HistoryRecord(AtMs);

    /// <summary>The queue that the node's row names is gone and its lock is free, for so long that the others need not wait for it any more: to them that is a crash.</summary>
    public sealed record TakenForDead(long AtMs, string Node) : HistoryRecord(AtMs);

    /// <summary>The node has its lock again.</summary>
    public sealed record FoundAlive(long AtMs, string Node) : HistoryRecord(AtMs);

    /// <summary>From here on nothing is broken, and nobody comes or goes.</summary>
    public sealed record FaultsEnded(long AtMs) : HistoryRecord(AtMs);

    /// <summary>Everything has had its time; what is missing now is missing.</summary>
    public sealed record Ended(long AtMs) : HistoryRecord(AtMs);

    // What a look into nodes shows

    /// <summary>A node takes itself for a shard's owner.</summary>
    public sealed record Owned(long AtMs, string Node, int Shard, long Term) : HistoryRecord(AtMs);

    /// <summary>A node sent others an event that it had ordered.</summary>
    public sealed record Ordered(long AtMs, string Node, int Shard, long Term, string Channel, Position At, string Event) : HistoryRecord(AtMs);

    /// <summary>A node has bound itself to a term: of lower ones it takes nothing any more.</summary>
    public sealed record Fenced(long AtMs, string Node, int Shard, long Term) : HistoryRecord(AtMs);

    /// <summary>A node's room gave its subscribers an event.</summary>
    public sealed record Delivered(long AtMs, string Node, int Shard, string Channel, Position At) : HistoryRecord(AtMs);

    /// <summary>Who must hold a shard's events from now on.</summary>
    public sealed record HoldersSet(long AtMs, int Shard, IReadOnlyList<string> Nodes) : HistoryRecord(AtMs)
    {
        public override string ToString() => $"HoldersSet {{ AtMs = {AtMs}, Shard = {Shard}, Nodes = {string.Join(' ', Nodes)} }}";
    }

    /// <summary>What a buffer of a node held, and may hold at most.</summary>
    public sealed record Measured(long AtMs, string Node, string Buffer, long Held, long Bound) : HistoryRecord(AtMs);

    /// <summary>A bug that a node caught and logged.</summary>
    public sealed record Faulted(long AtMs, string Node, string What) : HistoryRecord(AtMs);

    /// <summary>What a client did or saw.</summary>
    public abstract record ClientRecord(long AtMs, string Client) : HistoryRecord(AtMs);
}
