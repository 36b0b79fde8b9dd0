using Broker.Actors.Channels;
using Broker.Actors.Metrics;
using Broker.Messages;
using Broker.Messages.Cluster;

namespace Broker.Actors.Shards;

/// <summary>
/// Unanswered emits of this node to a shard that it does not own, in order, bounded. Numbers them, so that the owner takes
/// each once however often it is sent; after <see cref="LimitMs"/> tells those that are still open how they stand.
/// </summary>
internal sealed class PendingEmits(ShardOptions options, LoopTally tally, CounterSet<Refusal> refused)
{
    /// <summary>Milliseconds that an emit may stay unanswered.</summary>
    public const long LimitMs = 3_000;

    private readonly Dictionary<ChannelName, List<PendingEmit>> _open = [];
    private readonly Queue<PendingEmit> _oldest = [];
    private long _lastNumber;

    public int Count { get; private set; }

    public long Bytes { get; private set; }

    public bool IsFull => Count >= options.MailboxEmits || Bytes >= options.MailboxBytes;

    public PendingEmit Add(ChannelInput.Emit emit, long nowMs)
    {
        var pending = new PendingEmit(emit, ++_lastNumber, nowMs);
        if (!_open.TryGetValue(emit.Channel, out var channel))
        {
            _open.Add(emit.Channel, channel = []);
        }

        channel.Add(pending);
        _oldest.Enqueue(pending);
        Count++;
        Bytes += emit.Bytes;
        return pending;
    }

    /// <summary>The item that carries an emit to its owner.</summary>
    public NodeItem.Emit ItemOf(PendingEmit pending)
    {
        var emit = pending.Emit;
        var channel = _open[emit.Channel];
        var index = channel.LastIndexOf(pending);
        return new NodeItem.Emit(
            emit.Channel, pending.Number, index > 0 ? channel[index - 1].Number : 0, channel[0].Number,
            emit.Name, emit.Data, emit.Except, emit.ExceptIsSubscriber, emit.Key)
        {
            Verbatim = emit.Verbatim,
            MustExist = emit.MustExist,
        };
    }

    /// <summary>All that is open, in the order of each channel.</summary>
    public PendingEmit[] All() => [.. _open.Values.SelectMany(channel => channel)];

    /// <summary>Those that were not sent, or are to be sent again, in the order in which they came.</summary>
    public PendingEmit[] Unsent() => [.. _oldest.Where(pending => pending is { IsDone: false, IsOnItsWay: false })];

    public PendingEmit[] Of(ChannelName channel) => _open.TryGetValue(channel, out var open) ? [.. open] : [];

    /// <summary>Whatever was sent is to be sent again: it is told apart by its number.</summary>
    public void MarkUnsent()
    {
        foreach (var pending in _open.Values.SelectMany(channel => channel))
        {
            pending.IsOnItsWay = false;
        }
    }

    /// <summary>The owner answered; a late answer to what has been told already is dropped.</summary>
    public void Answer(ChannelName channel, long number, in EmitResult result)
    {
        if (_open.TryGetValue(channel, out var open) && open.Find(pending => pending.Number == number) is { } answered)
        {
            Close(answered, result);
        }
    }

    /// <summary>The owner is lost: nobody can say any more what became of what it was sent.</summary>
    /// <param name="which">Channels of which the next owner knows nothing.</param>
    public void FailSent(Func<ChannelName, bool> which)
    {
        foreach (var pending in All().Where(pending => pending.IsSent && which(pending.Emit.Channel)))
        {
            Close(pending, EmitResult.Refused(Refusal.OutcomeUnknown));
        }
    }

    /// <summary>Tells what has waited too long; milliseconds until the next may have, -1 for none.</summary>
    public long Expire(long nowMs)
    {
        while (_oldest.TryPeek(out var oldest))
        {
            if (!oldest.IsDone && nowMs - oldest.TakenAtMs < LimitMs)
            {
                return oldest.TakenAtMs + LimitMs - nowMs;
            }

            _oldest.Dequeue();
            if (!oldest.IsDone)
            {
                Close(oldest, EmitResult.Refused(oldest.IsSent ? Refusal.OutcomeUnknown : Refusal.Unavailable));
            }
        }

        return -1;
    }

    /// <summary>Takes out what is left, for this node to order itself. The buffers are the caller's.</summary>
    public PendingEmit[] TakeAll()
    {
        var all = All();
        foreach (var pending in all)
        {
            pending.IsDone = true;
        }

        _open.Clear();
        _oldest.Clear();
        Count = 0;
        Bytes = 0;
        return all;
    }

    private void Close(PendingEmit pending, in EmitResult result)
    {
        var emit = pending.Emit;
        pending.IsDone = true;
        Count--;
        Bytes -= emit.Bytes;
        var channel = _open[emit.Channel];
        channel.Remove(pending);
        if (channel.Count == 0)
        {
            _open.Remove(emit.Channel);
        }

        ShardActor.Release(emit);
        if (result.Refusal == Refusal.None)
        {
            tally.EmitAnswered(emit.Cause.ReceivedAt);
        }
        else
        {
            refused.Add(result.Refusal);
        }

        emit.Origin?.Emitted(emit.Call, result);
    }
}
