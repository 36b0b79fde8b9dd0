using Broker.Messages;

namespace Broker.Actors.Dialects.Http;

/// <summary>One event that a request publishes to one channel.</summary>
/// <param name="Name">Null for an event without one.</param>
/// <param name="Data">A part of the request's body.</param>
internal readonly record struct Publication(ChannelName Channel, string? Name, ReadOnlyMemory<byte> Data, string? Key);
