using Broker.Messages;
using Broker.Messages.Cluster;

namespace Broker.Actors.Shards;

/// <summary>
/// One channel's events on their way to a new owner, newest part first. What turns out to be gone where it was said to be is
/// planned anew: another copy may have it.
/// </summary>
internal sealed class ChannelFetch(MergePlan plan, List<(Incarnation Node, NodeItem.Holding Holding)> copies, Incarnation self)
{
    private readonly List<ChannelEvent> _part = [];
    private readonly List<IReadOnlyList<ChannelEvent>> _whole = [];
    private int _next = plan.Parts.Count - 1;

    public MergePlan Plan => plan;

    /// <summary>What the plan was made of, for another one.</summary>
    public List<(Incarnation Node, NodeItem.Holding Holding)> Copies => copies;

    /// <summary>True when no other node needs to be asked: own events are at hand.</summary>
    public bool IsComplete
    {
        get
        {
            while (_next >= 0 && plan.Parts[_next].Node == self)
            {
                _next--;   // its events are read when the channel is made
            }

            return _next < 0;
        }
    }

    public MergePart Next => plan.Parts[_next];

    /// <summary>Events that others have sent, by offset, oldest first.</summary>
    public IEnumerable<ChannelEvent> Fetched => Enumerable.Reverse(_whole).SelectMany(part => part);

    /// <summary>The first offset that is to be had: older ones are gone.</summary>
    public long FirstOffset { get; } = plan.Parts.Count > 0 ? plan.Parts[0].From : plan.Position.Offset + 1;

    /// <summary>True when a copy had less than it said: <see cref="Copies"/> says now what it has.</summary>
    public bool IsShort { get; private set; }

    public bool Waits(Incarnation node) => _next >= 0 && plan.Parts[_next].Node == node;

    public void Restart() => _part.Clear();

    /// <summary>True when the part has come to its end, or shorter than it was told: then <see cref="IsShort"/> is true.</summary>
    public bool Take(IReadOnlyList<ChannelEvent> events, bool hasMore)
    {
        if (events.Any(one => one.Offset < Next.From || one.Offset > Next.To))
        {
            return false;   // it was asked for before
        }

        _part.AddRange(events);
        if (hasMore)
        {
            return false;
        }

        var wanted = Next;
        var suffix = Suffix(wanted);
        _whole.Add(suffix);
        if (suffix.Length < wanted.To - wanted.From + 1)
        {
            var teller = copies.FindIndex(copy => copy.Node == wanted.Node);
            copies[teller] = (wanted.Node, copies[teller].Holding with { FirstOffset = suffix.Length > 0 ? wanted.To - suffix.Length + 1 : 0 });
            IsShort = true;
        }

        _next--;
        _part.Clear();
        return true;
    }

    /// <summary>What came without a gap up to the part's end.</summary>
    private ChannelEvent[] Suffix(in MergePart wanted)
    {
        var start = _part.Count;
        for (var offset = wanted.To; start > 0 && _part[start - 1].Offset == offset && offset >= wanted.From; offset--)
        {
            start--;
        }

        return [.. _part.Skip(start)];
    }
}
