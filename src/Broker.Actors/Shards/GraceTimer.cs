using Broker.Actors.Loops;
using Broker.Messages;

namespace Broker.Actors.Shards;

/// <summary>Lets a member whose connection was lost stay for a moment, in case the client comes back.</summary>
internal sealed class GraceTimer(ShardActor shard, ChannelName channel, SessionId session, string userId) : WheelTimer
{
    protected internal override void Fire() => shard.EndGrace(channel, session, userId);
}
