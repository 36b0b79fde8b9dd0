using Broker.Actors.Cluster;
using Broker.Actors.Dialects.Http;
using Broker.Messages;
using Broker.Messages.Admin;

namespace Broker.Node.Admin;

/// <summary>Puts what a node sees of the cluster in operators' words.</summary>
internal static class ClusterReporter
{
    /// <summary>Shorter beginnings of an id name a node by accident.</summary>
    private const int MinIdDigits = 6;

    public static ClusterReport Report(ClusterView view, bool isAlone)
    {
        var nodes = Nodes(view);
        var live = view.Live.Select(row => row.Incarnation).ToHashSet();
        return new ClusterReport(
            view.Self.ToString(), !isAlone, view.Shards.Count, view.Shards.Count(row => row.Owner is not { } owner || !live.Contains(owner)), nodes);
    }

    public static IReadOnlyList<ShardReport> Shards(ClusterView view)
    {
        var names = view.Live.ToDictionary(row => row.Incarnation, row => row.Name);
        return
        [
            .. view.Shards.Select(row => new ShardReport(
                row.Shard.Value,
                row.Owner?.ToString(),
                row.Owner is { } owner ? names.GetValueOrDefault(owner) : null,
                row.Term,
                [.. row.Holders.Select(holder => holder.ToString())])),
        ];
    }

    /// <summary>The node that an operator means; null when it is none, or more than one.</summary>
    public static ClusterNode? Find(ClusterView view, string? node, out ApiProblem? objection)
    {
        var nodes = Nodes(view);
        var wanted = node ?? view.Self.ToString();
        ClusterNode[] found = [.. nodes.Where(one => one.Id.Equals(wanted, StringComparison.OrdinalIgnoreCase))];
        if (found.Length == 0)
        {
            found = [.. nodes.Where(one => one.Name == wanted)];
        }

        if (found.Length == 0 && wanted.Length >= MinIdDigits)
        {
            found = [.. nodes.Where(one => one.Id.StartsWith(wanted, StringComparison.OrdinalIgnoreCase))];
        }

        objection = found.Length switch
        {
            0 => ClusterProblems.UnknownNode,
            1 => null,
            _ => ClusterProblems.AmbiguousNode,
        };
        return objection is null ? found[0] : null;
    }

    private static ClusterNode[] Nodes(ClusterView view)
    {
        var owned = view.Shards.Where(row => row.Owner is not null).CountBy(row => row.Owner!.Value).ToDictionary();
        var live = view.Live.Select(row => row.Incarnation).ToHashSet();
        return
        [
            .. view.Live.OrderBy(row => row.Name, StringComparer.Ordinal).ThenBy(row => row.Incarnation.Value).Select(row => Node(view, row, owned)),
            .. owned.Where(one => !live.Contains(one.Key)).Select(one => new ClusterNode(
                one.Key.ToString(), "", "", ClusterNode.Gone, 0, BusOk: false, ClusterNode.Ended, one.Value)),
        ];
    }

    // Of itself a node knows more than what it last told the authority.
    private static ClusterNode Node(ClusterView view, NodeRow row, Dictionary<Incarnation, int> owned)
    {
        var isSelf = row.Incarnation == view.Self;
        return new ClusterNode(
            row.Incarnation.ToString(),
            row.Name,
            row.Url,
            StateOf(isSelf ? view.State : row.State),
            row.Version,
            isSelf ? view.IsBusOk : row.IsBusOk,
            isSelf && view.LeaseLeft == TimeSpan.Zero ? ClusterNode.Ended : ClusterNode.Held,
            owned.GetValueOrDefault(row.Incarnation));
    }

    private static string StateOf(NodeState state) => state switch
    {
        NodeState.Joining => ClusterNode.Joining,
        NodeState.Up => ClusterNode.Up,
        _ => ClusterNode.Leaving,
    };
}
