namespace Broker.TestKit.Histories;

/// <summary>
/// I9: a node that has bound itself to a term delivers nothing that a lower one ordered beside it, which is what the stream
/// has from that term's first event on. What the stream had before is delivered late, and rightly.
/// </summary>
internal sealed class FenceCheck : IHistoryCheck
{
    public void Check(HistoryIndex history, List<Violation> violations)
    {
        var firsts = FirstOffsets(history);
        var fences = new Dictionary<(string Node, int Shard), HistoryRecord.Fenced>();
        foreach (var record in history.Records)
        {
            if (record is HistoryRecord.Fenced fenced)
            {
                fences[(fenced.Node, fenced.Shard)] = fenced;
            }
            else if (record is HistoryRecord.Delivered delivered
                && fences.TryGetValue((delivered.Node, delivered.Shard), out var fence)
                && delivered.At.Epoch.Term < fence.Term
                && firsts.TryGetValue((delivered.Channel, delivered.At.Epoch.Life), out var terms)
                && terms.Any(term => term.Key >= fence.Term && term.Value <= delivered.At.Offset))
            {
                violations.Add(new Violation(
                    Invariant.Fenced, $"{delivered.Node} was bound to term {fence.Term} and delivered an event that a lower one ordered beside it", [fence, delivered]));
            }
        }
    }

    private static Dictionary<(string Channel, ulong Life), SortedDictionary<long, long>> FirstOffsets(HistoryIndex history)
    {
        var firsts = new Dictionary<(string Channel, ulong Life), SortedDictionary<long, long>>();
        foreach (var record in history.Records)
        {
            var (channel, at) = record switch
            {
                HistoryRecord.Ordered ordered => (ordered.Channel, ordered.At),
                HistoryRecord.Delivered delivered => (delivered.Channel, delivered.At),
                HistoryRecord.Received received => (received.Channel, received.At),
                _ => (null!, default),
            };
            if (channel is null)
            {
                continue;
            }

            if (!firsts.TryGetValue((channel, at.Epoch.Life), out var terms))
            {
                firsts.Add((channel, at.Epoch.Life), terms = []);
            }

            if (!terms.TryGetValue(at.Epoch.Term, out var first) || at.Offset < first)
            {
                terms[at.Epoch.Term] = at.Offset;
            }
        }

        return firsts;
    }
}
