using Broker.Actors.Channels;
using Broker.Messages;

namespace Broker.Actors.Shards;

/// <summary>An emit that is ordered, and is answered once every holder holds it.</summary>
internal readonly record struct Unheld(ChannelInput.Emit Emit, EmitResult Result, long AtMs);
