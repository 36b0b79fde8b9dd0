namespace Broker.Actors.Sessions;

/// <summary>Which apps connections may mean, by where they came in and which page opened them. Any thread; without waiting.</summary>
public interface IAppReach
{
    /// <summary>The only app, whatever a client names; null where clients or dialects say.</summary>
    string? Only { get; }

    bool Includes(string app, ConnectionInfo connection);
}
