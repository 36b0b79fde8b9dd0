namespace Broker.Actors.Dialects.RocketWs;

/// <summary>One request to the message source, out of its text.</summary>
/// <param name="Id">As it came; empty for a notification.</param>
/// <param name="IsVersion1">True when the answer has JSON-RPC 1.0's form.</param>
internal sealed record SourceRequest(SourceCall Call, ReadOnlyMemory<byte> Id, bool IsVersion1);
