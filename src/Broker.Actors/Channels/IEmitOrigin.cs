using Broker.Messages;

namespace Broker.Actors.Channels;

/// <summary>Who emitted and is answered: a session, the HTTP ingress, another node.</summary>
internal interface IEmitOrigin
{
    /// <summary>From the loop of the channel's shard.</summary>
    void Emitted(object? call, in EmitResult result);
}
