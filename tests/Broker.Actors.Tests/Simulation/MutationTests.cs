using Broker.Actors.Cluster;
using Broker.TestKit.Simulation;

namespace Broker.Actors.Tests.Simulation;

/// <summary>A rule of the protocol that is broken must be noticed, by the seeds that have found it so far.</summary>
public sealed class MutationTests
{
    /// <summary>Rules, and seeds that have noticed that they are broken.</summary>
    public static TheoryData<string, int[]> Caught { get; } = new()
    {
        { nameof(ProtocolRules.LinksCheckGaps), [105, 778, 784] },
        { nameof(ProtocolRules.LinksSendAgain), [3, 4] },
        { nameof(ProtocolRules.ResetsResynchronise), [114, 776, 840] },
        { nameof(ProtocolRules.RoomsFollowInOrder), [2, 29] },
        { nameof(ProtocolRules.RoomsTellResets), [2, 4] },
        { nameof(ProtocolRules.OwnersCountEmits), [2, 3] },
        { nameof(ProtocolRules.LowerTermsAreDropped), [564, 606, 614, 651] },
        { nameof(ProtocolRules.MembersWaitForAll), [1, 3] },
        { nameof(ProtocolRules.RoomsPullMembers), [10, 15, 17] },
        { nameof(ProtocolRules.OrdersNeedAFreshBus), [58, 68] },
        { nameof(ProtocolRules.AnswersWaitForHolders), [120, 172, 182] },
        { nameof(ProtocolRules.OwnersCollect), [4, 15] },
        { nameof(ProtocolRules.NumbersAreInherited), [3, 8, 15] },
        { nameof(ProtocolRules.ClaimsNeedADepose), [279, 290] },
        { nameof(ProtocolRules.UnleasedHoldersAreWaitedFor), [158, 189, 323] },
        { nameof(ProtocolRules.LostMembersStay), [2, 3, 5] },
    };

    /// <summary>Rules that other rules keep too, or whose schedules are rare: nothing has noticed them yet.</summary>
    private static readonly string[] Unnoticed =
    [
        nameof(ProtocolRules.LinksDropRepeats), nameof(ProtocolRules.RoomsAskForGaps), nameof(ProtocolRules.OwnersCheckEmitGaps),
        nameof(ProtocolRules.SentEmitsEndWithTheirOwner), nameof(ProtocolRules.CollectDropsHeldBack), nameof(ProtocolRules.OnlyHoldersAreWaitedFor),
        nameof(ProtocolRules.OwnersTellThatNobodyIsHere),
        nameof(ProtocolRules.WantedArePassedOver), nameof(ProtocolRules.ReceiversAreKept), nameof(ProtocolRules.RoomsRememberWhatTheyTold),
    ];

    [Theory]
    [MemberData(nameof(Caught))]
    public void BrokenRule_IsNoticed(string rule, int[] seeds)
    {
        var broken = Mutation.All.Single(mutation => mutation.Name == rule).Break(ProtocolRules.All);

        // A change elsewhere gives seeds other schedules: the first ones are tried too.
        seeds.Concat(Enumerable.Range(1, 60)).Except(SimulationTests.Unmended).Any(seed => SimulationRun.Of(seed, ScheduleKind.Faults, SimulationTests.Options with { Rules = broken }).Violations.Count > 0)
            .ShouldBeTrue("no seed notices it");
    }

    [Fact]
    public void EveryRule_IsNoticedOrSaidNotToBe() =>
        Caught.Select(row => row.Data.Item1).Concat(Unnoticed).Order(StringComparer.Ordinal)
            .ShouldBe(Mutation.All.Select(mutation => mutation.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void EveryRule_CanBeBroken() =>
        Mutation.All.Select(mutation => mutation.Name).ShouldBe(
            typeof(ProtocolRules).GetProperties().Where(property => property.PropertyType == typeof(bool)).Select(property => property.Name));
}
