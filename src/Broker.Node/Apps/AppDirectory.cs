using Broker.Actors.Channels;
using Broker.Actors.Rights;
using Broker.Actors.Sessions;
using Broker.Node.Settings;

namespace Broker.Node.Apps;

/// <summary>The apps that this node serves and the rights of their channels, from the settings.</summary>
internal sealed class AppDirectory
{
    /// <summary>The app of dialects without tenants. On addresses other than loopback only when the settings name it.</summary>
    public const string Default = "default";

    /// <summary>The app for a first try: on loopback only, and only while no app is configured.</summary>
    public const string Demo = "demo";

    /// <summary>The node's own, for probing itself. No client may do anything there, and settings cannot name it.</summary>
    public const string Own = "$node";

    public AppDirectory(BrokerOptions options)
    {
        HasDemo = options.Apps.Count == 0;
        Namespaces = new Namespaces(Rules(options), options.Namespaces.Select(Rule));
        Places = new AppPlaces(options.Apps.Where(app => app.Sessions > 0).Select(app => KeyValuePair.Create(app.Id, app.Sessions)));
    }

    public bool HasDemo { get; }

    public Namespaces Namespaces { get; }

    /// <summary>How many sessions each app may have.</summary>
    public AppPlaces Places { get; }

    private static IEnumerable<Namespace> Rules(BrokerOptions options)
    {
        foreach (var app in options.Apps)
        {
            yield return WithoutNamespace(app);
        }

        if (options.Apps.All(app => app.Id != Default))
        {
            yield return new Namespace(Default, "*") { IsLocalOnly = options.Namespaces.All(space => space.App != Default) };
        }

        if (options.Apps.Count == 0)
        {
            yield return new Namespace(Demo, "*") { IsLocalOnly = true };
        }

        yield return new Namespace(Own, "*")
        {
            Subscribe = Right.Backend,
            Publish = Right.Backend,
            Presence = Right.Nobody,
            Options = new ChannelOptions { HistorySize = 0 },
            IsLocalOnly = true,
        };
    }

    /// <summary>An app with credentials grants nothing to anonymous clients but what a namespace says.</summary>
    private static Namespace WithoutNamespace(AppOptions app)
    {
        var right = app.Key is null ? Right.Anonymous : Right.User;
        return new Namespace(app.Id, "*") { Subscribe = right, Publish = right, Presence = right };
    }

    private static Namespace Rule(NamespaceOptions options) => new(options.App, options.Pattern)
    {
        Subscribe = options.Subscribe,
        Publish = options.Publish,
        Presence = options.Presence,
        Options = new ChannelOptions
        {
            HistorySize = options.HistorySize,
            HistoryAgeMs = (long)options.HistoryAge.TotalMilliseconds,
            HistoryBytes = options.HistoryBytes,
            MaxMembers = options.MaxMembers,
        },
    };
}
