namespace Broker.Actors.Cluster;

/// <summary>
/// Rules of the cluster's protocol that a test can break, one at a time, to see that the simulator notices. In earnest all
/// of them hold.
/// </summary>
internal sealed record ProtocolRules
{
    public static ProtocolRules All { get; } = new();

    /// <summary>A link takes nothing behind a gap.</summary>
    public bool LinksCheckGaps { get; init; } = true;

    /// <summary>A link takes each number once.</summary>
    public bool LinksDropRepeats { get; init; } = true;

    /// <summary>A link sends again what the bus may have lost.</summary>
    public bool LinksSendAgain { get; init; } = true;

    /// <summary>After a reset of a link both sides say anew what they have.</summary>
    public bool ResetsResynchronise { get; init; } = true;

    /// <summary>A room takes an event only as its own next one.</summary>
    public bool RoomsFollowInOrder { get; init; } = true;

    /// <summary>A room asks for what is missing before an event.</summary>
    public bool RoomsAskForGaps { get; init; } = true;

    /// <summary>A room tells its subscribers when its stream breaks.</summary>
    public bool RoomsTellResets { get; init; } = true;

    /// <summary>An owner takes each numbered emit once.</summary>
    public bool OwnersCountEmits { get; init; } = true;

    /// <summary>An owner takes an emit only behind the one that it names.</summary>
    public bool OwnersCheckEmitGaps { get; init; } = true;

    /// <summary>What was sent to an owner that is lost is not sent to the next one.</summary>
    public bool SentEmitsEndWithTheirOwner { get; init; } = true;

    /// <summary>What a node says of a lower term than is known is dropped.</summary>
    public bool LowerTermsAreDropped { get; init; } = true;

    /// <summary>A new owner tells nobody of members before all nodes have said who is theirs.</summary>
    public bool MembersWaitForAll { get; init; } = true;

    /// <summary>A room asks for members where the owner's digest differs from its own.</summary>
    public bool RoomsPullMembers { get; init; } = true;

    /// <summary>A room that knows members is told that there are none.</summary>
    public bool OwnersTellThatNobodyIsHere { get; init; } = true;

    /// <summary>An owner orders, and answers, only while its bus is fresh.</summary>
    public bool OrdersNeedAFreshBus { get; init; } = true;

    /// <summary>An emit is answered when all holders hold it.</summary>
    public bool AnswersWaitForHolders { get; init; } = true;

    /// <summary>A new owner asks every node what it has before it orders.</summary>
    public bool OwnersCollect { get; init; } = true;

    /// <summary>Who answers a new owner forgets what it held back of the old one.</summary>
    public bool CollectDropsHeldBack { get; init; } = true;

    /// <summary>A new owner knows which emits the old one took.</summary>
    public bool NumbersAreInherited { get; init; } = true;

    /// <summary>A node that does not claim what it is wanted for is passed over by the next in order.</summary>
    public bool WantedArePassedOver { get; init; } = true;

    /// <summary>A node whose lease has ended is told to stop before its shards are claimed.</summary>
    public bool ClaimsNeedADepose { get; init; } = true;

    /// <summary>A shard's only holder must have been dead for longer than its bus could count as fresh.</summary>
    public bool OnlyHoldersAreWaitedFor { get; init; } = true;

    /// <summary>A holder whose lease has ended is waited for, until it answers or is found dead.</summary>
    public bool UnleasedHoldersAreWaitedFor { get; init; } = true;

    /// <summary>A holder that was found dead may have lost no more than its connections: it is waited for where nobody else has what it holds.</summary>
    public bool LostHoldersAreWaitedFor { get; init; } = true;

    /// <summary>A node to which a shard moves is not released while it does.</summary>
    public bool ReceiversAreKept { get; init; } = true;

    /// <summary>What a room has told before it knew who is here is compared with the list when that comes.</summary>
    public bool RoomsRememberWhatTheyTold { get; init; } = true;

    /// <summary>An owner that is cut off does not tell that a lost node's members have left: they may be elsewhere.</summary>
    public bool LeavesNeedAFreshBus { get; init; } = true;

    /// <summary>Who has seen more than a room is judged anew by each owner.</summary>
    public bool OwnersJudgeWhoIsAhead { get; init; } = true;

    /// <summary>The member of a lost connection stays for the grace.</summary>
    public bool LostMembersStay { get; init; } = true;
}
