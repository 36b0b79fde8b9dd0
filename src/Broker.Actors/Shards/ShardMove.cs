using Broker.Actors.Loops;
using Broker.Messages;
using Broker.Messages.Cluster;

namespace Broker.Actors.Shards;

/// <summary>
/// A shard on its way from this node, its owner, to another one (cluster protocol, Moving a shard): the other is filled,
/// then the owner stops ordering and hands over. An owner whose hand-over is not taken claims its own shard again (R6).
/// </summary>
internal sealed class ShardMove(ShardActor shard, Incarnation to) : WheelTimer
{
    /// <summary>Milliseconds that the other has to claim the shard.</summary>
    private const long ClaimMs = 1_000;

    /// <summary>Milliseconds that the fill may take.</summary>
    private const long FillMs = 30_000;

    public Incarnation To => to;

    /// <summary>True: nothing is ordered any more.</summary>
    public bool HasStopped { get; private set; }

    /// <summary>True: the receiver may claim.</summary>
    public bool HasHandedOver { get; private set; }

    public void Start()
    {
        shard.Loop.Wheel.Set(this, shard.Loop.NowMs, FillMs);
        shard.Holders.FillFor(to, Stop);
    }

    /// <summary>The link to the receiver began anew: what it was filled with may have a hole.</summary>
    public void Resync(Incarnation node)
    {
        if (node == to && HasStopped)
        {
            shard.Reclaim();
        }
    }

    public void Cancel() => shard.Loop.Wheel.Cancel(this);

    protected internal override void Fire()
    {
        if (HasStopped)
        {
            shard.Reclaim();
            shard.Loop.Wheel.Set(this, shard.Loop.NowMs, ClaimMs);   // the authority may be away
        }
        else
        {
            shard.GiveUpMove();
        }
    }

    /// <summary>What was ordered is on its way to the receiver: it may claim once it holds all that is not answered yet.</summary>
    public void HandOverWhenHeld()
    {
        if (HasStopped && !HasHandedOver && shard.Holders.IsAllHeldBy(to))
        {
            HasHandedOver = true;
            shard.SendLiveChannels(to);
            shard.SendTo(to, new NodeItem.HandOver());
            shard.Loop.Wheel.Set(this, shard.Loop.NowMs, ClaimMs);
        }
    }

    private void Stop()
    {
        if (!shard.IsLive(to))
        {
            shard.GiveUpMove();
            return;
        }

        HasStopped = true;
        shard.Loop.Wheel.Set(this, shard.Loop.NowMs, ClaimMs);
        HandOverWhenHeld();
    }
}
