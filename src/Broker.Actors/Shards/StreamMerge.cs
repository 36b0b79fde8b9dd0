using Broker.Actors.Channels;
using Broker.Messages;
using Broker.Messages.Cluster;

namespace Broker.Actors.Shards;

/// <summary>
/// What a new owner makes of the copies of one channel that nodes report (cluster protocol, R4): the position with the
/// highest term, then the highest offset, is where the stream stands, and its terms are the stream's; events come from
/// whoever has those that these terms allow, as far back as there are any. Pure.
/// </summary>
internal static class StreamMerge
{
    /// <param name="self">Preferred where several have the same.</param>
    public static MergePlan Plan(Incarnation self, IReadOnlyList<(Incarnation Node, NodeItem.Holding Holding)> copies)
    {
        if (PlanWhereAllAreEmpty(self, copies) is { } simple)
        {
            return simple;
        }

        var (_, best) = copies.MaxBy(copy => (TermOf(copy.Holding), copy.Holding.Position.Offset, copy.Node == self));
        var parts = new List<MergePart>();
        var usable = copies
            .Select(copy => (copy.Node, First: copy.Holding.FirstOffset, Last: UsableEnd(copy.Holding, best)))
            .Where(copy => copy.First > 0 && copy.Last >= copy.First)
            .ToArray();
        var ownLast = usable.Where(copy => copy.Node == self).Select(copy => copy.Last).FirstOrDefault();
        for (var needed = best.Position.Offset; needed > 0;)
        {
            var able = usable.Where(copy => copy.First <= needed && copy.Last >= needed).ToArray();
            if (able.Length == 0)
            {
                break;
            }

            // One's own copy costs nothing; of the others the one that reaches back furthest.
            var own = Array.FindIndex(able, copy => copy.Node == self);
            var chosen = own >= 0 ? able[own] : able.MinBy(copy => copy.First);
            var first = own >= 0 ? chosen.First : Math.Max(chosen.First, ownLast < needed ? ownLast + 1 : 0);
            parts.Add(new MergePart(chosen.Node, first, needed));
            needed = first - 1;
        }

        parts.Reverse();
        var numbers = copies
            .Where(copy => UsableEnd(copy.Holding, best) == copy.Holding.Position.Offset)
            .SelectMany(copy => copy.Holding.Numbers)
            .GroupBy(number => number.Node)
            .Select(of => new EmitId(of.Key, of.Max(number => number.Number)))
            .ToArray();
        return new MergePlan(best.Channel, best.Position, best.LastTerm, best.Boundaries, parts, numbers);
    }

    /// <summary>Most channels of most nodes are subscribed and silent: nobody has an event, and all have the same position. Null where it is not so.</summary>
    private static MergePlan? PlanWhereAllAreEmpty(Incarnation self, IReadOnlyList<(Incarnation Node, NodeItem.Holding Holding)> copies)
    {
        var best = copies[0].Holding;
        foreach (var (node, holding) in copies)
        {
            if (holding.FirstOffset > 0 || holding.Numbers.Count > 0 || holding.Position != best.Position || TermOf(holding) != TermOf(best))
            {
                return null;
            }

            best = node == self ? holding : best;
        }

        return new MergePlan(best.Channel, best.Position, best.LastTerm, best.Boundaries, [], []);
    }

    private static long TermOf(NodeItem.Holding holding) =>
        Math.Max(holding.LastTerm, holding.Boundaries.Count > 0 ? holding.Boundaries[^1].Term : 0);

    /// <summary>The last offset of a copy that belongs to the stream.</summary>
    private static long UsableEnd(NodeItem.Holding copy, NodeItem.Holding best) =>
        copy.Position.Epoch.Life != best.Position.Epoch.Life
            ? 0
            : StreamTerms.CommonEnd(copy.Boundaries, copy.Position.Offset, best.Boundaries, best.Position.Offset);
}
