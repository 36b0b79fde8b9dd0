using System.Diagnostics;
using Broker.Messages;

namespace Broker.Cluster.RabbitMq.Source;

/// <summary>What a message asks for.</summary>
/// <param name="Event">The event's name; null for none.</param>
/// <param name="Data">One JSON value in UTF-8, a part of the message's body.</param>
/// <param name="Key">Its idempotency key; null for none.</param>
/// <param name="Cause">The span that it belongs to; null for none.</param>
internal sealed record SourceMessage(ChannelName Channel, string? Event, ReadOnlyMemory<byte> Data, string? Key, ActivityContext? Cause);
