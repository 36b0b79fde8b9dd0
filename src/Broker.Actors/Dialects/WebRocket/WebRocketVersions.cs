namespace Broker.Actors.Dialects.WebRocket;

/// <summary>The versions by the names that people give them.</summary>
public static class WebRocketVersions
{
    public const string Text1 = "1";
    public const string Text2 = "2";

    /// <summary>Null where the text is neither.</summary>
    public static WebRocketVersion? Parse(ReadOnlySpan<char> text) => text switch
    {
        Text1 => WebRocketVersion.V1,
        Text2 => WebRocketVersion.V2,
        _ => null,
    };

    /// <summary>What the query asks for by <c>v=</c>; null where it asks for nothing known.</summary>
    /// <param name="query">Without its question mark.</param>
    internal static WebRocketVersion? Find(ReadOnlySpan<char> query)
    {
        foreach (var range in query.Split('&'))
        {
            if (query[range] is ['v', '=', .. var text] && Parse(text) is { } version)
            {
                return version;
            }
        }

        return null;
    }
}
