using Broker.Messages;

namespace Broker.Actors.Shards;

/// <summary>How a channel's stream goes on under a new owner, and where its last events are.</summary>
/// <param name="LastTerm">The term of the event at the position.</param>
/// <param name="Parts">Oldest first, each right behind the one before it.</param>
/// <param name="Numbers">The last number of each node's emits that the stream has.</param>
internal sealed record MergePlan(
    ChannelName Channel,
    Position Position,
    long LastTerm,
    IReadOnlyList<Boundary> Boundaries,
    IReadOnlyList<MergePart> Parts,
    IReadOnlyList<EmitId> Numbers);
