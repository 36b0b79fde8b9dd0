using System.Diagnostics;
using Broker.Messages;
using Broker.Messages.Cluster;
using Microsoft.Extensions.Logging;

namespace Broker.Actors.Cluster;

/// <summary>What operators and probes ask of the cluster's actor.</summary>
internal sealed partial class ClusterActor
{
    /// <summary>How long a lease is. Counted from when its renewal was sent, so that it has never ended before this node thinks so.</summary>
    private const long LeaseMs = 5_000;

    private long? _leaseFromMs;
    private long _renewalSentMs;

    /// <summary>True while what this node sends itself over the bus comes back.</summary>
    private bool IsBusOk => _address is not null;

    private long LeaseLeftMs => _leaseFromMs is { } from ? Math.Max(from + LeaseMs - Loop.NowMs, 0) : 0;

    private void ReceiveOrder(ClusterMessage message)
    {
        switch (message)
        {
            case ClusterMessage.Look look: look.Done.TrySetResult(View()); break;
            case ClusterMessage.AskToLeave ask: ask.Done.TrySetResult(AskToLeave(ask.Node)); break;
            case ClusterMessage.Forget forget: Forget(forget); break;
            case ClusterMessage.ForgetSeen seen: Forgotten(seen); break;
            case ClusterMessage.Move move: move.Done.TrySetResult(OrderOutcome.NotBuilt); break;
            default: throw new UnreachableException();
        }
    }

    private ClusterView View() => new(
        _node.Self, _state, IsBusOk, TimeSpan.FromMilliseconds(LeaseLeftMs), [.. _live.Values], [.. _rows.Where(row => _hasRead || row.Owner is not null)]);

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

    [LoggerMessage(EventId = 3024, Level = LogLevel.Information, Message = "An operator asks this node to leave")]
    private partial void LogLeaveAsked();
}
