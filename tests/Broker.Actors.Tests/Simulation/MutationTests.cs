using Broker.Actors.Cluster;
using Broker.TestKit.Simulation;

namespace Broker.Actors.Tests.Simulation;

/// <summary>A rule of the protocol that is broken must be noticed, by the seeds that have found it so far.</summary>
public sealed class MutationTests
{
    /// <summary>Rules, and seeds that have noticed that they are broken.</summary>
    public static TheoryData<string, ScheduleKind, int[]> Caught { get; } = new()
    {
        { nameof(ProtocolRules.LinksCheckGaps), ScheduleKind.Faults, [105, 778, 784] },
        { nameof(ProtocolRules.LinksSendAgain), ScheduleKind.Faults, [3, 4] },
        { nameof(ProtocolRules.ResetsResynchronise), ScheduleKind.Faults, [114, 776, 840] },
        { nameof(ProtocolRules.RoomsFollowInOrder), ScheduleKind.Faults, [2, 29] },
        { nameof(ProtocolRules.RoomsTellResets), ScheduleKind.Faults, [2, 4] },
        { nameof(ProtocolRules.OwnersCountEmits), ScheduleKind.Faults, [2, 3] },
        { nameof(ProtocolRules.LowerTermsAreDropped), ScheduleKind.Faults, [380, 590, 651, 713] },
        { nameof(ProtocolRules.MembersWaitForAll), ScheduleKind.Faults, [1, 3] },
        { nameof(ProtocolRules.RoomsPullMembers), ScheduleKind.Faults, [10, 15, 17] },
        { nameof(ProtocolRules.OwnersTellThatNobodyIsHere), ScheduleKind.Outage, [226] },
        { nameof(ProtocolRules.OrdersNeedAFreshBus), ScheduleKind.Outage, [1, 5, 7] },
        { nameof(ProtocolRules.AnswersWaitForHolders), ScheduleKind.Faults, [120, 172, 182] },
        { nameof(ProtocolRules.OwnersCollect), ScheduleKind.Faults, [4, 15] },
        { nameof(ProtocolRules.NumbersAreInherited), ScheduleKind.Faults, [3, 8, 15] },
        { nameof(ProtocolRules.WantedArePassedOver), ScheduleKind.Outage, [67, 223] },
        { nameof(ProtocolRules.ClaimsNeedADepose), ScheduleKind.Faults, [1426, 1494, 1938] },
        { nameof(ProtocolRules.UnleasedHoldersAreWaitedFor), ScheduleKind.Faults, [158, 189, 323] },
        { nameof(ProtocolRules.LostHoldersAreWaitedFor), ScheduleKind.Outage, [1, 17, 18] },
        { nameof(ProtocolRules.LeavesNeedAFreshBus), ScheduleKind.Outage, [1, 238] },
        { nameof(ProtocolRules.OwnersJudgeWhoIsAhead), ScheduleKind.Outage, [132] },
        { nameof(ProtocolRules.LostMembersStay), ScheduleKind.Faults, [2, 3, 5] },
    };

    /// <summary>Rules that other rules keep too, or whose schedules are rare: nothing has noticed them yet.</summary>
    private static readonly string[] Unnoticed =
    [
        nameof(ProtocolRules.LinksDropRepeats), nameof(ProtocolRules.RoomsAskForGaps), nameof(ProtocolRules.OwnersCheckEmitGaps),
        nameof(ProtocolRules.SentEmitsEndWithTheirOwner), nameof(ProtocolRules.CollectDropsHeldBack), nameof(ProtocolRules.OnlyHoldersAreWaitedFor),
        nameof(ProtocolRules.ReceiversAreKept), nameof(ProtocolRules.RoomsRememberWhatTheyTold),
    ];

    [Theory]
    [MemberData(nameof(Caught))]
    public void BrokenRule_IsNoticed(string rule, ScheduleKind kind, int[] seeds)
    {
        var options = SimulationTests.Options with { Rules = Mutation.All.Single(mutation => mutation.Name == rule).Break(ProtocolRules.All) };

        // A change elsewhere gives seeds other schedules: the first ones are tried too.
        seeds.Concat(Enumerable.Range(1, 60)).Except(SimulationTests.Unmended).Any(seed => SimulationRun.Of(seed, kind, options).Violations.Count > 0)
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
