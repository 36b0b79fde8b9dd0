using System.Collections.Frozen;
using Broker.Actors.Channels;
using Broker.Actors.Rights;
using Broker.Actors.Sessions;
using Broker.Actors.Tokens;
using Broker.Node.Settings;
using Broker.Node.WebRocket;

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

    private const char OwnMark = '$';

    private readonly FrozenSet<string> _withCredentials;
    private readonly FrozenDictionary<string, SecretHash[]> _apiKeys;

    /// <param name="options">Have been checked.</param>
    public AppDirectory(BrokerOptions options)
    {
        HasDemo = options.Apps.Count == 0;
        _withCredentials = options.Apps.Where(HasCredentials).Select(app => app.Id).ToFrozenSet(StringComparer.Ordinal);
        _apiKeys = options.Apps.ToFrozenDictionary(
            app => app.Id, app => app.ApiKeys.Select(key => AppKeys.ReadApiKey(key, out _)).OfType<SecretHash>().ToArray(), StringComparer.Ordinal);
        foreach (var app in options.Apps.Where(app => app.Tokens.Count > 0))
        {
            Tokens.Set(app.Id, new TokenVerifier([.. AppKeys.ReadTokens(app).Select(read => read.Key).OfType<TokenKey>()], AppKeys.Rules(options.Tokens)));
        }

        var hubs = HubTable.HubsOf(options).ToArray();
        var remembered = hubs.Select(AppOf).ToHashSet(StringComparer.Ordinal);
        Namespaces = new Namespaces(
            Rules(options).Concat(hubs.SelectMany(HubRules)).Select(rule => Remembered(rule, remembered)),
            options.Namespaces.Select(Rule).Select(rule => Remembered(rule, remembered)));
        Places = new AppPlaces(options.Apps.Where(app => app.Sessions > 0).Select(app => KeyValuePair.Create(app.Id, app.Sessions)));
    }

    public bool HasDemo { get; }

    public Namespaces Namespaces { get; }

    /// <summary>Whose tokens each app takes.</summary>
    public AppTokens Tokens { get; } = new();

    /// <summary>Whether it is one of the node's own, which no request can name: for probing itself, and for hubs that share no app.</summary>
    public static bool IsOwn(string app) => app.StartsWith(OwnMark);

    /// <summary>The app of a hub's channels.</summary>
    public static string AppOf(HubOptions hub) => hub.App ?? "$webrocket" + hub.Path;

    /// <summary>The app of what a hub's clients send each other: a channel for each client.</summary>
    public static string DirectAppOf(HubOptions hub) => "$direct" + hub.Path;

    /// <summary>Whether the app has a way to tell its own from anybody.</summary>
    public bool HasCredentials(string app) => _withCredentials.Contains(app);

    /// <summary>Whether it is one of the app's API keys; takes as long whichever it is.</summary>
    public bool IsApiKey(string app, string key) => _apiKeys.TryGetValue(app, out var keys) && SecretHash.AnyMatches(keys, key);

    /// <summary>How many sessions each app may have.</summary>
    public AppPlaces Places { get; }

    /// <summary>Whether the settings give the app a way to tell its own from anybody.</summary>
    public static bool HasCredentials(BrokerOptions options, string app) => options.Apps.Any(one => one.Id == app && HasCredentials(one));

    private static bool HasCredentials(AppOptions app) => app.Key is not null || app.ApiKeys.Count > 0 || app.Tokens.Count > 0;

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

    /// <summary>What a hub has for itself is there for those who authenticated there.</summary>
    private static IEnumerable<Namespace> HubRules(HubOptions hub)
    {
        var own = new Namespace(AppOf(hub), "*") { Subscribe = Right.User, Publish = Right.User, Presence = Right.Nobody };
        if (hub.App is null)
        {
            yield return own;
        }

        yield return own with { App = DirectAppOf(hub), Options = new ChannelOptions { HistorySize = 0 } };
    }

    private static Namespace Remembered(Namespace rule, HashSet<string> apps) =>
        apps.Contains(rule.App) ? rule with { Options = rule.Options with { IsRemembered = true } } : rule;

    /// <summary>An app with credentials grants nothing to anonymous clients but what a namespace says.</summary>
    private static Namespace WithoutNamespace(AppOptions app)
    {
        var right = HasCredentials(app) ? Right.User : Right.Anonymous;
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
