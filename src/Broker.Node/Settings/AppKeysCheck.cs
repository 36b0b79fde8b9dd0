using Broker.Actors.Tokens;
using Broker.Node.Apps;

namespace Broker.Node.Settings;

/// <summary>Checks the keys of an app. What it says never holds a key.</summary>
internal static class AppKeysCheck
{
    /// <param name="path">The app's own setting.</param>
    public static IEnumerable<string> Of(AppOptions app, string path)
    {
        for (var i = 0; i < app.ApiKeys.Count; i++)
        {
            if (AppKeys.ReadApiKey(app.ApiKeys[i], out var problem) is null)
            {
                yield return $"{path}:ApiKeys:{i} {problem}.";
            }
        }

        for (var i = 0; i < app.Tokens.Count; i++)
        {
            if (AppKeys.ReadToken(app, app.Tokens[i], out var wrong) is null)
            {
                yield return $"{path}:Tokens:{i}:{wrong!.Value.Setting} {wrong.Value.Problem}.";
            }
        }
    }

    /// <summary>A key in two apps makes the tokens of each good in the other, unless both ask for an audience of their own.</summary>
    public static IEnumerable<string> Shared(IList<AppOptions> apps)
    {
        var seen = new Dictionary<string, (string App, TokenKey Key)>(StringComparer.Ordinal);
        foreach (var (i, app) in apps.Index())
        {
            foreach (var (j, options) in app.Tokens.Index())
            {
                if (AppKeys.ReadToken(app, options, out _) is not { } key)
                {
                    continue;
                }

                if (!seen.TryAdd(key.Signature.Fingerprint, (app.Id, key))
                    && seen[key.Signature.Fingerprint] is var (other, first) && other != app.Id
                    && !(first.IsAudienceRequired && key.IsAudienceRequired && first.Audience != key.Audience))
                {
                    yield return $"Broker:Apps:{i}:Tokens:{j} is a key of the app \"{other}\" too: give each an Audience of its own, or tokens of one are good in the other.";
                }
            }
        }
    }
}
