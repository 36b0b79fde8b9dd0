namespace Broker.Node.Connections;

/// <summary>Paths as Go's HTTP multiplexer wants them, which WebRocket's hubs were served by.</summary>
internal static class CanonicalPath
{
    /// <summary>The path without empty segments, <c>.</c> and <c>..</c>; a slash at its end stays.</summary>
    public static string Of(string path)
    {
        if (path.StartsWith('/') && !path.Contains("//", StringComparison.Ordinal) && !path.Contains("/.", StringComparison.Ordinal))
        {
            return path;
        }

        var segments = new List<string>();
        foreach (var segment in path.Split('/'))
        {
            if (segment == "..")
            {
                segments.RemoveRange(Math.Max(segments.Count - 1, 0), Math.Min(segments.Count, 1));
            }
            else if (segment is not ("" or "."))
            {
                segments.Add(segment);
            }
        }

        // path.Clean takes the slash away, and the multiplexer gives it back where it was the last character.
        var hasSlash = segments.Count > 0 && path.EndsWith('/');
        return "/" + string.Join('/', segments) + (hasSlash ? "/" : "");
    }
}
