using Broker.Actors.Shards;
using Broker.Messages;
using Broker.Messages.Cluster;

namespace Broker.Actors.Tests.Shards;

public sealed class ChannelFetchTests
{
    private static readonly ChannelName Channel = new("default", "c");
    private static readonly Incarnation Self = new(new Guid("00000000-0000-0000-0000-000000000001"));
    private static readonly Incarnation B = new(new Guid("00000000-0000-0000-0000-000000000002"));
    private static readonly Incarnation C = new(new Guid("00000000-0000-0000-0000-000000000003"));

    [Fact]
    public void IsComplete_WhenAllIsHere() => Fetch(new MergePart(Self, 1, 9)).IsComplete.ShouldBeTrue();

    [Fact]
    public void Parts_AreAskedForNewestFirst_AndComeTogetherOldestFirst()
    {
        var fetch = Fetch(new MergePart(B, 1, 2), new MergePart(Self, 3, 4), new MergePart(C, 5, 6));

        fetch.IsComplete.ShouldBeFalse();
        fetch.Next.ShouldBe(new MergePart(C, 5, 6));
        fetch.Take(Events(5), hasMore: true).ShouldBeFalse();
        fetch.Take(Events(6), hasMore: false).ShouldBeTrue();
        fetch.IsComplete.ShouldBeFalse();
        fetch.Next.ShouldBe(new MergePart(B, 1, 2));
        fetch.Take(Events(1, 2), hasMore: false).ShouldBeTrue();

        fetch.IsComplete.ShouldBeTrue();
        fetch.Fetched.Select(one => one.Offset).ShouldBe([1, 2, 5, 6]);
        fetch.FirstOffset.ShouldBe(1);
    }

    [Fact]
    public void WhatIsGoneMeanwhile_IsTakenOffTheCopy_ForAnotherPlan()
    {
        var fetch = Fetch(new MergePart(Self, 1, 4), new MergePart(C, 5, 8));

        fetch.IsComplete.ShouldBeFalse();
        fetch.Take(Events(7, 8), hasMore: false).ShouldBeTrue();

        fetch.IsShort.ShouldBeTrue();
        fetch.Copies.Single(copy => copy.Node == C).Holding.FirstOffset.ShouldBe(7);
        fetch.Copies.Single(copy => copy.Node == Self).Holding.FirstOffset.ShouldBe(1);
    }

    [Fact]
    public void WhatHasAHole_CountsFromBehindIt()
    {
        var fetch = Fetch(new MergePart(C, 5, 8));

        fetch.IsComplete.ShouldBeFalse();
        fetch.Take(Events(5, 6, 8), hasMore: false).ShouldBeTrue();

        fetch.Copies.Single().Holding.FirstOffset.ShouldBe(8);
    }

    [Fact]
    public void CopyWithoutAnyOfIt_HasNothing()
    {
        var fetch = Fetch(new MergePart(C, 5, 8));

        fetch.IsComplete.ShouldBeFalse();
        fetch.Take([], hasMore: false).ShouldBeTrue();

        fetch.IsShort.ShouldBeTrue();
        fetch.Copies.Single().Holding.FirstOffset.ShouldBe(0);
    }

    private static ChannelFetch Fetch(params MergePart[] parts) =>
        new(
            new MergePlan(Channel, new Position(new Epoch(7, 1), parts[^1].To), 1, [new Boundary(1, 1)], parts, []),
            [.. parts.Select(part => (part.Node, new NodeItem.Holding(Channel, new Position(new Epoch(7, 1), part.To), 1, [new Boundary(1, 1)], part.From, [])))],
            Self);

    private static ChannelEvent[] Events(params long[] offsets) =>
        [.. offsets.Select(offset => new ChannelEvent
        {
            Channel = Channel, Epoch = new Epoch(7, 1), PreviousTerm = 1, Offset = offset, AtMs = 1, Data = default,
        })];
}
