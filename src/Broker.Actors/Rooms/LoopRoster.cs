using Broker.Actors.Loops;
using Broker.Actors.Rights;
using Broker.Actors.Sessions;
using Broker.Messages;

namespace Broker.Actors.Rooms;

/// <summary>Who lives on a loop: its sessions and the rooms that have members there. Touched by that loop only.</summary>
internal sealed class LoopRoster(Loop loop, Incarnation self, ChannelAccess access, int burstBytes)
{
    private readonly Dictionary<long, SessionActor> _sessions = [];
    private readonly Dictionary<string, NameCache> _names = new(StringComparer.Ordinal);

    public Loop Loop => loop;

    /// <summary>What one client is given in one tick, in bytes, before the loop reads no more in it: a client that keeps up stays within its outbox.</summary>
    public int BurstBytes => burstBytes;

    public HashSet<LoopRoom> Rooms { get; } = [];

    /// <summary>Large rooms that have served some of their members and not yet all.</summary>
    public List<LoopRoom> Unfinished { get; } = [];

    public IReadOnlyCollection<SessionActor> Sessions => _sessions.Values;

    public Answers Answers { get; } = new(loop);

    public void Add(SessionActor session) => _sessions.Add(session.Id.Number, session);

    public void Remove(SessionActor session) => _sessions.Remove(session.Id.Number);

    public SessionActor? Find(SessionId id) =>
        id.Node == self && _sessions.TryGetValue(id.Number, out var session) ? session : null;

    /// <summary>The names of an app's channels, as they came lately.</summary>
    public NameCache NamesOf(string app)
    {
        if (!_names.TryGetValue(app, out var names))
        {
            names = new NameCache(app, access);
            _names.Add(app, names);
        }

        return names;
    }
}
