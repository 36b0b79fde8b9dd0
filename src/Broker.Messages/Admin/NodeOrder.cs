namespace Broker.Messages.Admin;

/// <summary>What an operator orders of a node: <c>POST /admin/api/cluster/leave</c>, <c>down</c> and <c>shards/{n}/move</c>.</summary>
/// <param name="Node">Which one, by id, by the beginning of an id of 6 digits or more, or by name; null for the node that is asked.</param>
public sealed record NodeOrder(string? Node = null);
