using Broker.Messages;

namespace Broker.Actors.Channels;

/// <summary>
/// One life of a channel's sequence of events: where it stands, under which terms its events were ordered, and the last
/// of them. At the owner it is what orders; in a room of another node it is a copy that follows.
/// </summary>
internal sealed class ChannelStream
{
    private readonly List<Boundary> _boundaries = [];
    private readonly Window _window;

    public ChannelStream(ChannelName channel, ulong life, long term, ChannelOptions options, HistoryBudget budget)
    {
        Channel = channel;
        Epoch = new Epoch(life, term);
        _window = new Window(options, budget);
        _boundaries.Add(new Boundary(term, 1));
    }

    /// <summary>A copy of an owner's stream that has its last events.</summary>
    /// <param name="epoch">The stream's life.</param>
    /// <param name="offset">Where the copy begins: events after it are appended.</param>
    /// <param name="lastTerm">The term of the event at that offset.</param>
    public ChannelStream(
        ChannelName channel, Epoch epoch, long offset, long lastTerm, IReadOnlyList<Boundary> boundaries, ChannelOptions options, HistoryBudget budget)
    {
        Channel = channel;
        Epoch = boundaries.Count > 0 ? epoch with { Term = boundaries[^1].Term } : epoch;
        Offset = offset;
        LastTerm = lastTerm;
        _window = new Window(options, budget);
        _boundaries.AddRange(boundaries);
    }

    public ChannelName Channel { get; }

    /// <summary>The stream's life and its current term.</summary>
    public Epoch Epoch { get; private set; }

    /// <summary>The last event's offset; 0 before the first.</summary>
    public long Offset { get; private set; }

    /// <summary>The last event's term; 0 before the first.</summary>
    public long LastTerm { get; private set; }

    /// <summary>Where the stream stands: its last event, under the term that ordered it.</summary>
    public Position Position => new(Offset == 0 ? Epoch : Epoch with { Term = LastTerm }, Offset);

    public IReadOnlyList<Boundary> Boundaries => _boundaries;

    public Window Window => _window;

    /// <summary>Takes an event as the next one. Its offset must follow.</summary>
    public void Append(ChannelEvent added)
    {
        if (added.Offset != Offset + 1)
        {
            throw new ArgumentException($"Event {added.Offset} does not follow {Offset}.", nameof(added));
        }

        if (added.Epoch.Term > Epoch.Term)
        {
            BeginTerm(added.Epoch.Term);
        }

        Offset = added.Offset;
        LastTerm = added.Epoch.Term;
        _window.Add(added);
    }

    /// <summary>What comes next is ordered under another term. One that had no event leaves no trace.</summary>
    public void BeginTerm(long term)
    {
        if (_boundaries.Count > 0 && _boundaries[^1].FirstOffset > Offset)
        {
            _boundaries.RemoveAt(_boundaries.Count - 1);
        }

        _boundaries.Add(new Boundary(term, Offset + 1));
        Epoch = Epoch with { Term = term };

        // The window's, and the one before it: no position before that can be continued.
        var oldest = _window.Count > 0 ? _window.FirstOffset - 1 : Offset;
        while (_boundaries.Count > 2 && _boundaries[1].FirstOffset <= oldest)
        {
            _boundaries.RemoveAt(0);
        }
    }

    /// <summary>The owner says how its stream is cut into terms, as of an event that this copy has.</summary>
    public void Follow(IReadOnlyList<Boundary> boundaries)
    {
        if (boundaries != _boundaries)
        {
            _boundaries.Clear();
            _boundaries.AddRange(boundaries);
            Epoch = Epoch with { Term = _boundaries[^1].Term };
        }
    }

    /// <summary>Holds these events, the last of which is the stream's last, instead of what it held.</summary>
    public void Refill(IReadOnlyList<ChannelEvent> events)
    {
        _window.Clear();
        foreach (var one in events)
        {
            _window.Add(one);
        }
    }

    /// <summary>What somebody who has seen everything up to <paramref name="since"/> lacks (cluster protocol, Recovery).</summary>
    public Recovery Recover(Position since)
    {
        if (!Contains(since) || !_window.HoldsAfter(since.Offset, Offset))
        {
            return Recovery.None;
        }

        return new Recovery(Recovered: true, _window.Read(Channel, since.Offset + 1, int.MaxValue));
    }

    /// <summary>True when the position names a place of this stream.</summary>
    public bool Contains(Position position)
    {
        if (position.Epoch.Life != Epoch.Life || position.Offset > Offset)
        {
            return false;
        }

        return position.Offset == 0 || StreamTerms.Contains(_boundaries, position, Offset);
    }
}
