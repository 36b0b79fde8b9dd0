namespace Broker.TestKit.Histories;

/// <summary>I1: a term of a shard has one owner, and one orderer.</summary>
internal sealed class OrdererCheck : IHistoryCheck
{
    public void Check(HistoryIndex history, List<Violation> violations)
    {
        var orderers = new Dictionary<(int Shard, long Term), (string Node, HistoryRecord Record)>();
        foreach (var record in history.Records)
        {
            var (shard, term, node) = record switch
            {
                HistoryRecord.Owned owned => (owned.Shard, owned.Term, owned.Node),
                HistoryRecord.Ordered ordered => (ordered.Shard, ordered.Term, ordered.Node),
                _ => (0, 0L, null!),
            };
            if (node is not null && !orderers.TryAdd((shard, term), (node, record)) && orderers[(shard, term)].Node != node)
            {
                violations.Add(new Violation(
                    Invariant.OneOrderer, $"Shard {shard} has two owners under term {term}", [orderers[(shard, term)].Record, record]));
            }
        }
    }
}
