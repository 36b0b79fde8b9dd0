using Broker.Actors.Cluster;

namespace Broker.TestKit.Simulation;

/// <summary>A rule of the protocol that is broken on purpose: a simulator that does not notice it is no good.</summary>
/// <param name="Name">The rule.</param>
/// <param name="Break">Breaks it.</param>
internal sealed record Mutation(string Name, Func<ProtocolRules, ProtocolRules> Break)
{
    /// <summary>Every rule that can be broken.</summary>
    public static IReadOnlyList<Mutation> All { get; } =
    [
        new(nameof(ProtocolRules.LinksCheckGaps), rules => rules with { LinksCheckGaps = false }),
        new(nameof(ProtocolRules.LinksDropRepeats), rules => rules with { LinksDropRepeats = false }),
        new(nameof(ProtocolRules.LinksSendAgain), rules => rules with { LinksSendAgain = false }),
        new(nameof(ProtocolRules.ResetsResynchronise), rules => rules with { ResetsResynchronise = false }),
        new(nameof(ProtocolRules.RoomsFollowInOrder), rules => rules with { RoomsFollowInOrder = false }),
        new(nameof(ProtocolRules.RoomsAskForGaps), rules => rules with { RoomsAskForGaps = false }),
        new(nameof(ProtocolRules.RoomsTellResets), rules => rules with { RoomsTellResets = false }),
        new(nameof(ProtocolRules.OwnersCountEmits), rules => rules with { OwnersCountEmits = false }),
        new(nameof(ProtocolRules.OwnersCheckEmitGaps), rules => rules with { OwnersCheckEmitGaps = false }),
        new(nameof(ProtocolRules.SentEmitsEndWithTheirOwner), rules => rules with { SentEmitsEndWithTheirOwner = false }),
        new(nameof(ProtocolRules.LowerTermsAreDropped), rules => rules with { LowerTermsAreDropped = false }),
        new(nameof(ProtocolRules.MembersWaitForAll), rules => rules with { MembersWaitForAll = false }),
        new(nameof(ProtocolRules.RoomsPullMembers), rules => rules with { RoomsPullMembers = false }),
        new(nameof(ProtocolRules.OwnersTellThatNobodyIsHere), rules => rules with { OwnersTellThatNobodyIsHere = false }),
        new(nameof(ProtocolRules.OrdersNeedAFreshBus), rules => rules with { OrdersNeedAFreshBus = false }),
        new(nameof(ProtocolRules.AnswersWaitForHolders), rules => rules with { AnswersWaitForHolders = false }),
        new(nameof(ProtocolRules.OwnersCollect), rules => rules with { OwnersCollect = false }),
        new(nameof(ProtocolRules.CollectDropsHeldBack), rules => rules with { CollectDropsHeldBack = false }),
        new(nameof(ProtocolRules.NumbersAreInherited), rules => rules with { NumbersAreInherited = false }),
        new(nameof(ProtocolRules.WantedArePassedOver), rules => rules with { WantedArePassedOver = false }),
        new(nameof(ProtocolRules.ClaimsNeedADepose), rules => rules with { ClaimsNeedADepose = false }),
        new(nameof(ProtocolRules.OnlyHoldersAreWaitedFor), rules => rules with { OnlyHoldersAreWaitedFor = false }),
        new(nameof(ProtocolRules.UnleasedHoldersAreWaitedFor), rules => rules with { UnleasedHoldersAreWaitedFor = false }),
        new(nameof(ProtocolRules.LostHoldersAreWaitedFor), rules => rules with { LostHoldersAreWaitedFor = false }),
        new(nameof(ProtocolRules.ReceiversAreKept), rules => rules with { ReceiversAreKept = false }),
        new(nameof(ProtocolRules.RoomsRememberWhatTheyTold), rules => rules with { RoomsRememberWhatTheyTold = false }),
        new(nameof(ProtocolRules.LeavesNeedAFreshBus), rules => rules with { LeavesNeedAFreshBus = false }),
        new(nameof(ProtocolRules.OwnersJudgeWhoIsAhead), rules => rules with { OwnersJudgeWhoIsAhead = false }),
        new(nameof(ProtocolRules.LostMembersStay), rules => rules with { LostMembersStay = false }),
    ];

    public override string ToString() => Name;
}
