using System.Net;
using Broker.Actors.Loops;

namespace Broker.Actors.Queries;

/// <summary>Asks every loop of every live node, and puts their answers together.</summary>
internal sealed class Questions(LocalNode node, TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    /// <summary>Calls <paramref name="answered"/> once, within a second, from any thread.</summary>
    public void Ask(NodeQuery query, Action<NodeAnswer> answered) =>
        _ = AskAsync(query).ContinueWith(
            task => answered(task.Result),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);

    /// <summary>Asks every live node.</summary>
    public async Task<NodeAnswer> AskAsync(NodeQuery query)
    {
        if (!node.HasPeers)
        {
            return await AskHereAsync(query);
        }

        var peers = new PeerAnswers();
        node.PeerQuestions.Tell(new PeerQuestion.Ask(query, peers));
        var here = AskHereAsync(query);
        await WaitAsync(peers.All);
        var isPartial = peers.IsPartial;
        node.PeerQuestions.Tell(new PeerQuestion.Forget(peers));
        return Merge(query, [await here, .. peers.Parts], isPartial);
    }

    /// <summary>Asks the loops of this node.</summary>
    public async Task<NodeAnswer> AskHereAsync(NodeQuery query)
    {
        var parts = new NodeAnswer?[node.Rosters.Length];
        await WaitAsync(Task.WhenAll(node.Rosters.Select((roster, index) =>
            LoopCall.RunAsync(roster.Loop, () => Volatile.Write(ref parts[index], LoopQuestions.Answer(query, roster, node.Namespaces))))));
        return Merge(query, parts, isPartial: false);
    }

    /// <summary>Whoever has not answered by then is missing, and the answer says so.</summary>
    private async Task WaitAsync(Task all)
    {
        try
        {
            await all.WaitAsync(Limit, time);
        }
#pragma warning disable CA1031 // A loop's bug has been logged there; the others' answers are as good as before.
        catch (Exception)
#pragma warning restore CA1031
        {
            // Whoever did not answer within the limit, or failed to, is missing, and the answer says so.
        }
    }

    private static NodeAnswer Merge(NodeQuery query, NodeAnswer?[] parts, bool isPartial)
    {
        isPartial |= parts.Any(part => part is null || part.IsPartial);
        return query switch
        {
            NodeQuery.Broadcast => new NodeAnswer.Delivered(parts.OfType<NodeAnswer.Delivered>().Sum(part => part.Copies), isPartial),
            NodeQuery.Channels => new NodeAnswer.ChannelNames(
                parts.OfType<NodeAnswer.ChannelNames>().SelectMany(part => part.Names).ToHashSet(StringComparer.Ordinal), isPartial),
            NodeQuery.Counts => new NodeAnswer.ChannelCounts(Sum(parts.OfType<NodeAnswer.ChannelCounts>()), isPartial),
            NodeQuery.Disconnect or NodeQuery.Unsubscribe => new NodeAnswer.Ended(parts.OfType<NodeAnswer.Ended>().Sum(part => part.Count), isPartial),
            _ => new NodeAnswer.Addresses(
                (List<IPEndPoint>)[.. parts.OfType<NodeAnswer.Addresses>().SelectMany(part => part.Remotes)], isPartial),
        };
    }

    private static Dictionary<string, int> Sum(IEnumerable<NodeAnswer.ChannelCounts> parts)
    {
        var sums = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (channel, count) in parts.SelectMany(part => part.Subscribers))
        {
            sums[channel] = sums.GetValueOrDefault(channel) + count;
        }

        return sums;
    }
}
