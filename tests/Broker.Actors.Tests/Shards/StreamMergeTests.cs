using Broker.Actors.Shards;
using Broker.Messages;
using Broker.Messages.Cluster;

namespace Broker.Actors.Tests.Shards;

public sealed class StreamMergeTests
{
    private static readonly ChannelName Channel = new("default", "c");
    private static readonly Incarnation Self = new(new Guid("00000000-0000-0000-0000-000000000001"));
    private static readonly Incarnation B = new(new Guid("00000000-0000-0000-0000-000000000002"));
    private static readonly Incarnation C = new(new Guid("00000000-0000-0000-0000-000000000003"));

    [Fact]
    public void Plan_WhenOnlyThisNodeHasACopy_IsThatCopy()
    {
        var plan = Plan((Self, Copy(1, 10, from: 3, (1, 1))));

        plan.Position.Offset.ShouldBe(10);
        plan.Parts.ShouldBe([new MergePart(Self, 3, 10)]);
    }

    [Fact]
    public void Plan_WhenAnotherIsAhead_FetchesOnlyWhatIsMissing()
    {
        var plan = Plan((Self, Copy(1, 10, from: 1, (1, 1))), (B, Copy(1, 12, from: 5, (1, 1))));

        plan.Position.Offset.ShouldBe(12);
        plan.Parts.ShouldBe([new MergePart(Self, 1, 10), new MergePart(B, 11, 12)]);
    }

    [Fact]
    public void Plan_WhenThisNodeIsAhead_TakesOlderEventsFromWhoReachesBackFurthest()
    {
        var plan = Plan((Self, Copy(1, 10, from: 9, (1, 1))), (B, Copy(1, 9, from: 5, (1, 1))), (C, Copy(1, 9, from: 2, (1, 1))));

        plan.Parts.ShouldBe([new MergePart(C, 2, 8), new MergePart(Self, 9, 10)]);
    }

    [Fact]
    public void Plan_PrefersAHigherTermToAHigherOffset()
    {
        var plan = Plan((Self, Copy(1, 20, from: 1, (1, 1))), (B, Copy(2, 12, from: 8, (1, 1), (2, 11))));

        plan.Position.ShouldBe(new Position(new Epoch(7, 2), 12));
        plan.LastTerm.ShouldBe(2);
        plan.Boundaries.ShouldBe([new Boundary(1, 1), new Boundary(2, 11)]);
    }

    [Fact]
    public void Plan_OfACopyThatDiverged_TakesItsEventsUpToWhereItDid()
    {
        // This node has seen 11 to 20 of an owner that was relieved at 10.
        var plan = Plan((Self, Copy(1, 20, from: 1, (1, 1))), (B, Copy(2, 12, from: 11, (1, 1), (2, 11))));

        plan.Parts.ShouldBe([new MergePart(Self, 1, 10), new MergePart(B, 11, 12)]);
    }

    [Fact]
    public void Plan_WhenATermThatHadNoEventIsKnown_DropsWhatTheOwnerBeforeItSentLater()
    {
        // C was told that term 2 begins at 11; this node has an eleventh event of term 1, which term 2's owner never saw.
        var plan = Plan((Self, Copy(1, 11, from: 1, (1, 1))), (C, Copy(1, 10, from: 4, (1, 1), (2, 11))));

        plan.Position.Offset.ShouldBe(10);
        plan.Parts.ShouldBe([new MergePart(Self, 1, 10)]);
    }

    [Fact]
    public void Plan_OfAnotherLife_UsesNothingOfTheOldOne()
    {
        var old = Copy(1, 20, from: 1, (1, 1)) with { Position = new Position(new Epoch(6, 1), 20) };

        var plan = Plan((Self, old), (B, Copy(3, 2, from: 1, (3, 1))));

        plan.Position.ShouldBe(new Position(new Epoch(7, 3), 2));
        plan.Parts.ShouldBe([new MergePart(B, 1, 2)]);
    }

    [Fact]
    public void Plan_WhenNobodyHasTheLastEvents_HasAnEmptyWindow()
    {
        var plan = Plan((Self, Copy(1, 10, from: 0, (1, 1))), (B, Copy(1, 8, from: 1, (1, 1))));

        plan.Position.Offset.ShouldBe(10);
        plan.Parts.ShouldBeEmpty();   // a window has no gap: what ends at 8 cannot be continued
    }

    [Fact]
    public void Plan_KnowsTheLastNumbersOfCopiesThatBelongToTheStream()
    {
        var ahead = Copy(1, 20, from: 1, (1, 1)) with { Numbers = [new EmitId(C, 99)] };
        var mine = Copy(2, 12, from: 8, (1, 1), (2, 11)) with { Numbers = [new EmitId(C, 5), new EmitId(B, 1)] };
        var behind = Copy(1, 10, from: 8, (1, 1)) with { Numbers = [new EmitId(C, 4), new EmitId(Self, 3)] };

        var plan = Plan((B, ahead), (Self, mine), (C, behind));

        plan.Numbers.ShouldBe([new EmitId(C, 5), new EmitId(B, 1), new EmitId(Self, 3)], ignoreOrder: true);
    }

    private static MergePlan Plan(params (Incarnation Node, NodeItem.Holding Holding)[] copies) => StreamMerge.Plan(Self, copies);

    private static NodeItem.Holding Copy(long lastTerm, long offset, long from, params (long Term, long First)[] boundaries) => new(
        Channel,
        new Position(new Epoch(7, lastTerm), offset),
        lastTerm,
        [.. boundaries.Select(boundary => new Boundary(boundary.Term, boundary.First))],
        from,
        []);
}
