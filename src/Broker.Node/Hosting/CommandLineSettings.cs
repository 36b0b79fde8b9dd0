namespace Broker.Node.Hosting;

/// <summary>Settings by their full names: <c>--Broker:Limits:FrameBytes 131072</c>, or with an equals sign.</summary>
internal static class CommandLineSettings
{
    /// <exception cref="FormatException">Something is no setting, or has no value.</exception>
    public static IEnumerable<KeyValuePair<string, string?>> Parse(IReadOnlyList<string> tokens)
    {
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            if (!token.StartsWith("--", StringComparison.Ordinal) || !token.Contains(':', StringComparison.Ordinal))
            {
                throw new FormatException($"{token} is not an option; --help lists them.");
            }

            var equals = token.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                yield return KeyValuePair.Create<string, string?>(token[2..equals], token[(equals + 1)..]);
            }
            else if (i + 1 < tokens.Count)
            {
                yield return KeyValuePair.Create<string, string?>(token[2..], tokens[++i]);
            }
            else
            {
                throw new FormatException($"{token[2..]} needs a value.");
            }
        }
    }
}
