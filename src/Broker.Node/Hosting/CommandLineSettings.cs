namespace Broker.Node.Hosting;

/// <summary>Settings by their full names: <c>--Broker:Limits:FrameBytes 131072</c>, or with an equals sign.</summary>
/// <param name="Values">In their order.</param>
/// <param name="Files">Arguments that are no options.</param>
internal sealed record CommandLineSettings(IReadOnlyList<KeyValuePair<string, string?>> Values, IReadOnlyList<string> Files)
{
    /// <exception cref="FormatException">Something is no setting, or has no value.</exception>
    public static CommandLineSettings Parse(IReadOnlyList<string> tokens)
    {
        var values = new List<KeyValuePair<string, string?>>();
        var files = new List<string>();
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            var equals = token.IndexOf('=', StringComparison.Ordinal);
            if (!token.StartsWith('-'))
            {
                files.Add(token);
            }
            else if (!token.StartsWith("--", StringComparison.Ordinal) || !token.Contains(':', StringComparison.Ordinal))
            {
                throw new FormatException($"{token} is not an option; --help lists them.");
            }
            else if (equals > 0)
            {
                values.Add(KeyValuePair.Create<string, string?>(token[2..equals], token[(equals + 1)..]));
            }
            else if (i + 1 < tokens.Count)
            {
                values.Add(KeyValuePair.Create<string, string?>(token[2..], tokens[++i]));
            }
            else
            {
                throw new FormatException($"{token[2..]} needs a value.");
            }
        }

        return new CommandLineSettings(values, files);
    }
}
