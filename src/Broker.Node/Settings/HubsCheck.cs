using Broker.Actors.Dialects.WebRocket;
using Broker.Node.Connections;
using Broker.Node.Hosting;
using Broker.Node.Origins;

namespace Broker.Node.Settings;

/// <summary>Checks the settings of WebRocket's hubs.</summary>
internal static class HubsCheck
{
    private static readonly string[] Taken = [Dialects.NativePath, Dialects.RocketWsPath, "/sse"];

    /// <summary>A line per mistake, each beginning with the setting's name.</summary>
    /// <param name="apps">The apps that there are.</param>
    public static IEnumerable<string> Failures(BrokerOptions options, IEnumerable<string> apps)
    {
        var known = apps.ToArray();
        var paths = new HashSet<string>([.. Taken, options.Echo.Path ?? ""], StringComparer.Ordinal);
        return options.WebRocket.Hubs.SelectMany((hub, i) => Hub($"Broker:WebRocket:Hubs:{i}", hub, paths, known)).ToArray();
    }

    private static IEnumerable<string> Hub(string name, HubOptions hub, HashSet<string> paths, string[] apps) =>
        [.. Path(name, hub, paths), .. App(name, hub, apps), .. Keys(name, hub), .. Users(name, hub)];

    private static IEnumerable<string> Path(string name, HubOptions hub, HashSet<string> paths)
    {
        if (hub.Path.Length == 0)
        {
            yield break;   // which its attribute says
        }

        if (CanonicalPath.Of(hub.Path) != hub.Path || hub.Path.AsSpan().ContainsAny("?#%"))
        {
            yield return $"{name}:Path must be a path such as /echo or /echo/; it is \"{hub.Path}\".";
        }
        else if (!paths.Add(hub.Path))
        {
            yield return $"{name}:Path \"{hub.Path}\" is another's: a hub needs a path of its own.";
        }
    }

    private static IEnumerable<string> App(string name, HubOptions hub, string[] apps)
    {
        if (hub.App is { } app && !apps.Contains(app, StringComparer.Ordinal))
        {
            yield return $"{name}:App \"{app}\" is no app; there is {string.Join(", ", apps)}.";
        }

        if (hub.App is not null && hub.Origins.Count > 0)
        {
            yield return $"{name}:Origins cannot be set beside App: those of the app count.";
        }

        for (var i = 0; i < hub.Origins.Count; i++)
        {
            if (!OriginPattern.TryParse(hub.Origins[i], out _))
            {
                yield return $"{name}:Origins:{i} must be an origin such as https://www.example.com; it is \"{hub.Origins[i]}\".";
            }
        }
    }

    private static IEnumerable<string> Keys(string name, HubOptions hub)
    {
        var hasCredentials = hub.Credentials is not { ReadOnly: null, ReadWrite: null };
        if (!hasCredentials && hub.Users.Count == 0)
        {
            yield return $"{name} has neither Credentials nor Users: nobody could do anything there.";
        }
        else if (hub.Version == WebRocketVersions.Text1 && !hasCredentials)
        {
            yield return $"{name}:Credentials is missing: Version 1 knows no users.";
        }
        else if (hub.Version == WebRocketVersions.Text2 && hub.Users.Count == 0)
        {
            yield return $"{name}:Users is missing: Version 2 knows nobody else.";
        }

        foreach (var (setting, secret) in new[] { ("ReadOnly", hub.Credentials.ReadOnly), ("ReadWrite", hub.Credentials.ReadWrite) })
        {
            if (secret is not null && !HubSecret.TryRead(secret, out _))
            {
                yield return $"{name}:Credentials:{setting} must be sha256: and 64 hexadecimal digits.";
            }
        }
    }

    private static IEnumerable<string> Users(string name, HubOptions hub)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < hub.Users.Count; i++)
        {
            var user = hub.Users[i];
            if (user.Name.Length > 0 && !names.Add(user.Name))
            {
                yield return $"{name}:Users:{i}:Name \"{user.Name}\" is there twice.";
            }

            if (user.Secret is not null && !HubSecret.TryRead(user.Secret, out _))
            {
                yield return $"{name}:Users:{i}:Secret must be sha256: and 64 hexadecimal digits.";
            }
        }
    }
}
