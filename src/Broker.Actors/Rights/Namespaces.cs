using Broker.Actors.Sessions;

namespace Broker.Actors.Rights;

/// <summary>The one place of rights: what each channel of each app allows, whatever dialect asks. The first match wins.</summary>
public sealed class Namespaces
{
    private readonly Dictionary<string, Namespace[]> _byApp;

    /// <param name="apps">The apps that exist, with the rule for channels that no pattern names.</param>
    /// <param name="rules">In the order of the settings.</param>
    public Namespaces(IEnumerable<Namespace> apps, IEnumerable<Namespace> rules)
    {
        var rest = rules.ToLookup(rule => rule.App, StringComparer.Ordinal);
        _byApp = apps.ToDictionary(app => app.App, app => rest[app.App].Append(app).ToArray(), StringComparer.Ordinal);
    }

    public bool HasApp(string app) => _byApp.ContainsKey(app);

    /// <summary>Whether a connection may mean this app: it exists, is not for local connections only, and within the connection's reach.</summary>
    public bool Serves(string app, ConnectionInfo connection) =>
        Serves(app, connection.IsLocal) && connection.Apps?.Includes(app, connection) != false;

    /// <summary>Whether somebody may mean this app: it exists, and is not for local connections only.</summary>
    public bool Serves(string app, bool isLocal) => _byApp.TryGetValue(app, out var rules) && (isLocal || !rules[^1].IsLocalOnly);

    /// <summary>The channel's rules; null when the app does not exist.</summary>
    public Namespace? Find(string app, string channel)
    {
        if (!_byApp.TryGetValue(app, out var rules))
        {
            return null;
        }

        foreach (var rule in rules)
        {
            if (rule.Matches(channel))
            {
                return rule;
            }
        }

        return null;
    }
}
