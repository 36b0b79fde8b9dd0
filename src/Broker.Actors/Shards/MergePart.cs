using Broker.Messages;

namespace Broker.Actors.Shards;

/// <summary>Events that one node has.</summary>
internal readonly record struct MergePart(Incarnation Node, long From, long To);
