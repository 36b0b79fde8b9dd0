using Broker.Messages;
using Broker.Messages.Cluster;

namespace Broker.Actors.Queries;

/// <summary>What is told to the actor that asks other nodes, and answers them.</summary>
internal abstract record PeerQuestion
{
    private PeerQuestion()
    {
    }

    internal sealed record Ask(NodeQuery Query, PeerAnswers Answers) : PeerQuestion;

    internal sealed record Item(Incarnation From, NodeItem What) : PeerQuestion;

    /// <summary>What the loops of this node answered to another one.</summary>
    internal sealed record Answered(Incarnation To, NodeItem.Answered Answer) : PeerQuestion;

    internal sealed record Peers(IReadOnlyList<Incarnation> Others) : PeerQuestion;

    internal sealed record NodeGone(Incarnation Node) : PeerQuestion;

    /// <summary>Whoever asked waits no longer.</summary>
    internal sealed record Forget(PeerAnswers Answers) : PeerQuestion;
}
