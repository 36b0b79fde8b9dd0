namespace Broker.Actors.Dialects.JsonRpc;

/// <summary>What a JSON-RPC text may ask of the broker.</summary>
/// <param name="Depth">Levels of objects and arrays; a deeper text is refused as unparsable.</param>
/// <param name="BatchRequests">Requests of one batch.</param>
/// <param name="OwedReplies">Calls of one connection that may wait for their answer; one more closes it.</param>
internal readonly record struct JsonRpcLimits(int Depth, int BatchRequests, int OwedReplies);
