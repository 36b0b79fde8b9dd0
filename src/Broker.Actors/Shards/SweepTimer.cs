using Broker.Actors.Loops;

namespace Broker.Actors.Shards;

/// <summary>Once a second while a shard has channels: what is too old goes.</summary>
internal sealed class SweepTimer(ShardActor shard) : WheelTimer
{
    public const long EveryMs = 1_000;

    protected internal override void Fire() => shard.Sweep();
}
