namespace Broker.Messages.Admin;

/// <summary>What became of an order that was taken.</summary>
/// <param name="Node">The id of the node that it was about.</param>
/// <param name="Name">That node's name.</param>
/// <param name="Outcome"><c>leaving</c>, <c>down</c> or <c>moved</c>.</param>
public sealed record OrderReport(string Node, string Name, string Outcome);
