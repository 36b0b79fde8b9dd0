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
}
