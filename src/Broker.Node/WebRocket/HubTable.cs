using System.Collections.Frozen;
using Broker.Actors.Dialects.WebRocket;
using Broker.Actors.Rights;
using Broker.Node.Apps;
using Broker.Node.Connections;
using Broker.Node.Settings;

namespace Broker.Node.WebRocket;

/// <summary>The hubs of this node by their settings. Any thread.</summary>
internal sealed class HubTable(BrokerOptions options, ISecretGuard guard)
{
    /// <summary>Where the hub for a first try is.</summary>
    public const string DefaultPath = "/webrocket";

    private readonly (HubOptions Options, WebRocketHub Hub)[] _hubs = [.. HubsOf(options).Select(hub => (hub, new WebRocketHub(AppDirectory.DirectAppOf(hub), RightsOf(hub), guard)
    {
        JsonDepth = options.Limits.JsonDepth,
    }))];

    public IEnumerable<DialectRoute> Routes => _hubs.Select(hub => new DialectRoute(hub.Options.Path, new WebRocketDialect(hub.Hub), AppDirectory.AppOf(hub.Options))
    {
        IsHub = true,
        IsLocalOnly = options.WebRocket.Hubs.Count == 0,
    });

    /// <summary>The hubs that there are: those of the settings, or the one for a first try. Such a one lets everybody in, so it is not there where its app asks for credentials.</summary>
    public static IEnumerable<HubOptions> HubsOf(BrokerOptions options) =>
        options.WebRocket.Hubs.Count > 0 ? options.WebRocket.Hubs
        : AppDirectory.HasCredentials(options, AppDirectory.Default) ? []
        : [FirstTry()];

    /// <summary>
    /// Takes the users and secrets of newer settings. A hub that is not in them, or shares another app there, is one that nobody can come in by
    /// any more. Hubs that are not here yet are left out.
    /// </summary>
    /// <returns>The paths of hubs that need a restart to be what the settings say.</returns>
    public IReadOnlyList<string> Take(BrokerOptions newer)
    {
        var hubs = HubsOf(newer).ToDictionary(hub => hub.Path, StringComparer.Ordinal);
        var restart = new List<string>();
        foreach (var (known, hub) in _hubs)
        {
            if (hubs.Remove(known.Path, out var now) && AppDirectory.AppOf(now) == AppDirectory.AppOf(known))
            {
                hub.Rights = RightsOf(now);
            }
            else
            {
                hub.Rights = new HubRights();
                restart.Add(known.Path);
            }
        }

        return [.. restart, .. hubs.Keys];
    }

    private static HubRights RightsOf(HubOptions hub) => new()
    {
        Version = hub.Version is null ? null : WebRocketVersions.Parse(hub.Version),
        HasDirect = hub.Direct,
        ReadOnly = Access(HubKey.ReadOnly, hub.Credentials.ReadOnly, Permissions.Read),
        ReadWrite = Access(HubKey.ReadWrite, hub.Credentials.ReadWrite, Permissions.All),
        Users = hub.Users.ToFrozenDictionary(
            user => user.Name, user => new HubKey(user.Name, IsUser: true, Secret(user.Secret!), (Permissions)user.Permission & Permissions.All), StringComparer.Ordinal),
    };

    private static HubKey? Access(string name, string? secret, Permissions may) => secret is null ? null : new HubKey(name, IsUser: false, Secret(secret), may);

    private static HubSecret Secret(string text) =>
        HubSecret.TryRead(text, out var secret) ? secret : throw new FormatException("The settings have been checked before.");

    private static HubOptions FirstTry()
    {
        var hub = new HubOptions { Path = DefaultPath, App = AppDirectory.Default };
        (hub.Credentials.ReadOnly, hub.Credentials.ReadWrite) = ("", "");
        hub.Users.Add(new HubUserOptions { Name = "frontend", Secret = "", Permission = 1 });
        hub.Users.Add(new HubUserOptions { Name = "backend", Secret = "", Permission = 3 });
        return hub;
    }
}
