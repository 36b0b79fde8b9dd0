namespace Broker.Messages.Cluster;

/// <summary>What stands in an item's second field. A number is never given to another kind.</summary>
internal enum NodeItemKind : byte
{
    Emit = 1,
    Interest = 2,
    Uninterest = 3,
    Count = 4,
    Join = 5,
    Leave = 6,
    Repair = 7,
    Recover = 8,
    AskHistory = 9,
    AskPresence = 10,
    AnnounceBegin = 11,
    AnnounceEnd = 12,
    Emitted = 32,
    SendAgain = 33,
    Moved = 34,
    Interested = 35,
    Event = 36,
    MemberCame = 37,
    MemberWent = 38,
    MemberList = 39,
    JoinAnswered = 40,
    Recovered = 41,
    History = 42,
    Presence = 43,
    Ask = 64,
    Answered = 65,
    Trace = 66,
}
