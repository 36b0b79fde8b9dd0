namespace Broker.Actors.Dialects.RocketWs;

/// <summary>The versions by the names that people give them.</summary>
internal static class RocketWsVersions
{
    public const string Text01 = "0.1";
    public const string Text02 = "0.2";

    public static RocketWsVersion Parse(string text) => text switch
    {
        Text01 => RocketWsVersion.V01,
        Text02 => RocketWsVersion.V02,
        _ => throw new ArgumentException($"RocketWS has the versions {Text02} and {Text01}, not {text}.", nameof(text)),
    };

    /// <summary>What the query asks for by <c>v=</c>; where it asks for nothing known, the version that is set.</summary>
    /// <param name="query">With its question mark or without.</param>
    public static RocketWsVersion Find(ReadOnlySpan<char> query, RocketWsVersion otherwise)
    {
        query = query.TrimStart('?');
        foreach (var range in query.Split('&'))
        {
            switch (query[range])
            {
                case "v=" + Text01: return RocketWsVersion.V01;
                case "v=" + Text02: return RocketWsVersion.V02;
                default: break;
            }
        }

        return otherwise;
    }
}
