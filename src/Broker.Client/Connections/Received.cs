namespace Broker.Client.Connections;

/// <summary>What a socket received: a message, or the end.</summary>
/// <param name="Message">Belongs to who received it.</param>
internal readonly record struct Received(ReadOnlyMemory<byte> Message, ConnectionEnd? End);
