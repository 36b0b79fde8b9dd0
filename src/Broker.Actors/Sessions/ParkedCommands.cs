using Broker.Actors.Channels;
using Broker.Actors.Loops;
using Broker.Actors.Shards;
using Broker.Messages;

namespace Broker.Actors.Sessions;

/// <summary>
/// Emits of one session that their shards could not take, with the commands that came behind them: they wait in order,
/// and the session reads nothing meanwhile. A shard that has room again wakes the session; after
/// <see cref="SessionLimits.ParkMs"/> the emits are told unavailable, and the other commands go on.
/// </summary>
internal sealed class ParkedCommands(SessionActor session, SessionLimits limits) : WheelTimer
{
    private readonly Queue<(ShardActor Shard, object Command)> _waiting = [];

    public int Count => _waiting.Count;

    public void Add(ShardActor shard, object command)
    {
        _waiting.Enqueue((shard, command));
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
            if (next.Command is ChannelInput.Emit emit && !next.Shard.TryEmit(emit))
            {
                next.Shard.WakeWhenFree(session);
                return false;
            }

            _waiting.Dequeue();
            if (next.Command is ShardMessage message)
            {
                next.Shard.TellOrCall(message);
            }
        }

        session.Loop.Wheel.Cancel(this);
        return true;
    }

    /// <summary>The session ends: only what it leaves is still told.</summary>
    public void Drop()
    {
        session.Loop.Wheel.Cancel(this);
        while (_waiting.TryDequeue(out var next))
        {
            if (next.Command is ChannelInput.Emit emit)
            {
                ShardActor.Release(emit);
            }
            else if (next.Command is ShardMessage.Leave leave)
            {
                next.Shard.TellOrCall(leave);
            }
        }
    }

    protected internal override void Fire()
    {
        while (_waiting.TryDequeue(out var next))
        {
            if (next.Command is ChannelInput.Emit emit)
            {
                ShardActor.Release(emit);
                session.EmitRefused(Refusal.Unavailable);
                emit.Origin?.Emitted(emit.Call, EmitResult.Refused(Refusal.Unavailable));
            }
            else
            {
                next.Shard.TellOrCall(next.Command);
            }
        }

        session.Unpark();
    }
}
