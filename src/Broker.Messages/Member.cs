namespace Broker.Messages;

/// <summary>A user who is present in a channel, however many connections it has there.</summary>
/// <param name="UserId">Unique within the app.</param>
/// <param name="Info">One JSON value in UTF-8 that the user brought along; empty for none. The first connection's wins.</param>
/// <param name="Connections">Open connections of the user in this channel; at least 1.</param>
public sealed record Member(string UserId, ReadOnlyMemory<byte> Info, int Connections);
