using Broker.Actors.Loops;
using Broker.Actors.Rights;
using Broker.Actors.Sessions;
using Broker.Messages;

namespace Broker.Actors.Rooms;

/// <summary>Who lives on a loop: its sessions and the rooms that have members there. Touched by that loop only.</summary>
internal sealed class LoopRoster(Loop loop, Incarnation self, Namespaces namespaces, SessionLimits limits)
{
    private readonly Dictionary<long, SessionActor> _sessions = [];
    private readonly Dictionary<string, NameCache> _names = new(StringComparer.Ordinal);

    public Loop Loop => loop;

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
            names = new NameCache(app, namespaces, limits.ChannelNameBytes);
            _names.Add(app, names);
        }

        return names;
    }
}
