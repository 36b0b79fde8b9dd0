using Broker.Actors.Channels;
using Broker.Actors.Cluster;
using Broker.Messages;

namespace Broker.Actors.Rooms;

/// <summary>
/// A room's copy of a stream that another node orders. Takes an event only as the next one; what comes behind a gap is
/// held back, bounded, until the owner has been asked for what is missing.
/// </summary>
/// <param name="numbers">The last number of each node's emits to the channel, as far as the stream's events had them.</param>
internal sealed class RoomFollower(ChannelStream stream, IReadOnlyList<EmitId> numbers, ProtocolRules rules)
{
    private const int MaxHeld = 1_000;
    private const int MaxHeldBytes = 1 << 20;

    private readonly SortedDictionary<long, ChannelEvent> _held = [];
    private readonly Dictionary<Incarnation, long> _numbers = numbers.ToDictionary(number => number.Node, number => number.Number);
    private int _heldBytes;
    private bool _isAsking;

    public ChannelStream Stream => stream;

    /// <summary>The last number of each node's emits to the channel that the copy has seen.</summary>
    public EmitId[] Numbers => [.. _numbers.Select(number => new EmitId(number.Key, number.Value))];

    public Verdict Offer(ChannelEvent ordered)
    {
        var isSameLife = ordered.Epoch.Life == stream.Epoch.Life;
        if (isSameLife && ordered.Offset <= stream.Offset)
        {
            return Verdict.Seen;
        }

        if (isSameLife && Follows(ordered))
        {
            Append(ordered);
            return Verdict.Next;
        }

        if (isSameLife && !rules.RoomsFollowInOrder)
        {
            return Verdict.Next;
        }

        if (isSameLife && _held.Count < MaxHeld && _heldBytes + ordered.Data.Length <= MaxHeldBytes && _held.TryAdd(ordered.Offset, ordered))
        {
            _heldBytes += ordered.Data.Length;
        }

        // What is not held is in the answer too: the owner answers behind all that it has sent.
        if (_isAsking || !rules.RoomsAskForGaps)
        {
            return Verdict.Held;
        }

        _isAsking = true;
        return Verdict.Gap;
    }

    /// <summary>The owner has said what was missing, and it has been offered.</summary>
    public void Repaired() => _isAsking = false;

    /// <summary>The next of those held back, taken.</summary>
    public ChannelEvent? TakeHeld()
    {
        while (_held.Count > 0)
        {
            var (offset, first) = _held.First();
            if (offset > stream.Offset && !Follows(first))
            {
                return null;
            }

            _held.Remove(offset);
            _heldBytes -= first.Data.Length;
            if (offset > stream.Offset)
            {
                Append(first);
                return first;
            }
        }

        return null;
    }

    /// <summary>What is held back was sent by an owner that is relieved: it may never have been so.</summary>
    public void DropHeld()
    {
        if (!rules.CollectDropsHeldBack)
        {
            return;
        }

        _held.Clear();
        _heldBytes = 0;
        _isAsking = false;
    }

    /// <summary>Numbers that the owner knows, of emits before the copy's first event too.</summary>
    public void Note(IReadOnlyList<EmitId> known)
    {
        foreach (var number in known)
        {
            Note(number);
        }
    }

    /// <summary>The copy is not needed any more.</summary>
    public void Drop() => stream.Window.Clear();

    private void Append(ChannelEvent ordered)
    {
        stream.Append(ordered);
        Note(ordered.From);
    }

    private void Note(in EmitId number)
    {
        if (number.Number > 0 && _numbers.GetValueOrDefault(number.Node) < number.Number)
        {
            _numbers[number.Node] = number.Number;
        }
    }

    private bool Follows(ChannelEvent ordered) => ordered.Offset == stream.Offset + 1 && ordered.PreviousTerm == stream.LastTerm;

    internal enum Verdict
    {
        /// <summary>Taken; those held back may follow.</summary>
        Next,

        /// <summary>Taken before.</summary>
        Seen,

        /// <summary>Something before it is missing, and has been asked for.</summary>
        Held,

        /// <summary>Something before it is missing: ask the owner.</summary>
        Gap,
    }
}
