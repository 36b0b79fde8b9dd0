using System.Diagnostics;
using Broker.Messages;
using Broker.Messages.Cluster;
using Microsoft.Extensions.Logging;

namespace Broker.Actors.Cluster;

/// <summary>What operators and probes ask of the cluster's actor.</summary>
internal sealed partial class ClusterActor
{
    private readonly Dictionary<ShardId, ClusterMessage.Move> _ordered = [];
    private readonly HashSet<ShardId> _ended = [];

    /// <summary>Shards that others gave to this node though hashing wants them elsewhere: they stay until the nodes are others.</summary>
    private readonly HashSet<ShardId> _kept = [];

    private TimeSpan LeaseLeft => TimeSpan.FromMilliseconds(Math.Max(_renewedAtMs + LeaseMs - Loop.NowMs, 0));

    private void ReceiveOrder(ClusterMessage message)
    {
        switch (message)
        {
            case ClusterMessage.Look look: look.Done.TrySetResult(View()); break;
            case ClusterMessage.AskToLeave ask: ask.Done.TrySetResult(AskToLeave(ask.Node)); break;
            case ClusterMessage.Forget forget: Forget(forget); break;
            case ClusterMessage.ForgetSeen seen: Forgotten(seen); break;
            case ClusterMessage.Move move: Move(move); break;
            default: throw new UnreachableException();
        }
    }

    private ClusterView View() => new(
        _node.Self, _state, _node.Links.IsFresh, LeaseLeft, [.. _live.Values], [.. _rows.Where(row => _hasRead || row.Owner is not null)]);

    private OrderOutcome AskToLeave(Incarnation node)
    {
        if (node == _node.Self)
        {
            HearLeave(node);
            return OrderOutcome.Done;
        }

        if (!_live.ContainsKey(node))
        {
            return OrderOutcome.UnknownNode;
        }

        Tell(new NodeNews.LeaveAsked(node));
        return OrderOutcome.Done;
    }

    private void HearLeave(Incarnation node)
    {
        if (node == _node.Self && _state != NodeState.Leaving)
        {
            LogLeaveAsked();
            _options.LeaveAsked();
        }
    }

    /// <summary>Believes an operator only as far as the authority does: whoever still holds its lock may be ordering.</summary>
    private void Forget(ClusterMessage.Forget forget)
    {
        if (forget.Node == _node.Self)
        {
            forget.Done.TrySetResult(OrderOutcome.StillAlive);
        }
        else if (!_live.TryGetValue(forget.Node, out var row))
        {
            forget.Done.TrySetResult(_dead.ContainsKey(forget.Node) || Array.Exists(_rows, shard => shard.Owner == forget.Node)
                ? OrderOutcome.Done
                : OrderOutcome.UnknownNode);
        }
        else
        {
            Ask(async () => new ClusterMessage.ForgetSeen(
                new ClusterMessage.LockSeen(forget.Node, row.Queue, await _options.Authority.IsLockFreeAsync(forget.Node, default)), forget.Done));
        }
    }

    private void Forgotten(ClusterMessage.ForgetSeen forgotten)
    {
        LockSeen(forgotten.Seen);
        forgotten.Done.TrySetResult(forgotten.Seen.Answer switch
        {
            Answer<bool>.Done { Value: true } => OrderOutcome.Done,
            Answer<bool>.Done => OrderOutcome.StillAlive,
            _ => OrderOutcome.NoAuthority,
        });
    }

    // Moves

    private void Move(ClusterMessage.Move move)
    {
        var objection = _rows[move.Shard.Value].Owner != _node.Self ? OrderOutcome.NotOwner
            : !_live.ContainsKey(move.To) ? OrderOutcome.UnknownNode
            : move.To != _node.Self && !Able.Contains(move.To) ? OrderOutcome.NotUp
            : OrderOutcome.Done;
        if (objection != OrderOutcome.Done || move.To == _node.Self)
        {
            move.Done.TrySetResult(objection);
        }
        else if (!_moving.Add(move.Shard))
        {
            move.Done.TrySetResult(OrderOutcome.NotTaken);   // it is on its way elsewhere
        }
        else
        {
            _ordered[move.Shard] = move;
            TellPorts(new PortMessage.Move(move.Shard, move.To));
        }
    }

    private void Keep(ShardId shard)
    {
        if (_state == NodeState.Up && Rendezvous.Wanted(shard, Able) != _node.Self)
        {
            _kept.Add(shard);
        }
    }

    /// <summary>The directory has a new owner of the shard.</summary>
    private void EndOrder(ShardRow row)
    {
        if (row.Owner != _node.Self && _ordered.Remove(row.Shard, out var move))
        {
            move.Done.TrySetResult(row.Owner == move.To ? OrderOutcome.Done : OrderOutcome.NotTaken);
        }
    }

    /// <summary>The shard has heard that it moved, or given up: the directory says which.</summary>
    private void OrderedMoveEnded(ShardId shard)
    {
        if (_ordered.ContainsKey(shard) && _ended.Add(shard))
        {
            Read();
        }
    }

    private void EndOrders(OrderOutcome outcome)
    {
        foreach (var shard in _ended)
        {
            if (_ordered.Remove(shard, out var move))
            {
                move.Done.TrySetResult(outcome);
            }
        }

        _ended.Clear();
    }

    [LoggerMessage(EventId = 3026, Level = LogLevel.Information, Message = "An operator asks this node to leave")]
    private partial void LogLeaveAsked();
}
