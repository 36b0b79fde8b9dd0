using Broker.Actors.Channels;
using Broker.Actors.Loops;
using Broker.Actors.Shards;
using Broker.Messages;

namespace Broker.Actors.Sessions;

/// <summary>
/// Emits of one session that their shards could not take: they wait in order, and the session reads nothing meanwhile.
/// A shard that has room again wakes the session; after <see cref="SessionLimits.ParkMs"/> all are told unavailable.
/// </summary>
internal sealed class ParkedEmits(SessionActor session, SessionLimits limits) : WheelTimer
{
    private readonly Queue<(ShardActor Shard, ChannelInput.Emit Emit)> _waiting = [];

    public int Count => _waiting.Count;

    public void Add(ShardActor shard, ChannelInput.Emit emit)
    {
        _waiting.Enqueue((shard, emit));
        if (_waiting.Count == 1)
        {
            session.Loop.Wheel.Set(this, session.Loop.NowMs, limits.ParkMs);
            shard.WakeWhenFree(session);
        }
    }

    /// <summary>Tries again; true when nothing waits any more.</summary>
    public bool Retry()
    {
        while (_waiting.TryPeek(out var next))
        {
            if (!next.Shard.TryEmit(next.Emit))
            {
                next.Shard.WakeWhenFree(session);
                return false;
            }

            _waiting.Dequeue();
        }

        session.Loop.Wheel.Cancel(this);
        return true;
    }

    public void Drop()
    {
        session.Loop.Wheel.Cancel(this);
        while (_waiting.TryDequeue(out var next))
        {
            ShardActor.Release(next.Emit);
        }
    }

    protected internal override void Fire()
    {
        while (_waiting.TryDequeue(out var next))
        {
            ShardActor.Release(next.Emit);
            next.Emit.Origin?.Emitted(next.Emit.Call, EmitResult.Refused(Refusal.Unavailable));
        }

        session.Unpark();
    }
}
