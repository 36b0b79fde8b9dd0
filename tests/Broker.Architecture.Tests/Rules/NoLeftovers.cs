using System.Text.RegularExpressions;

namespace Broker.Architecture.Tests.Rules;

/// <summary>What src holds is finished: no notes to oneself, nothing that throws for want of a body.</summary>
internal sealed partial class NoLeftovers : IRule
{
    public string Name => "no leftovers in src";

    public IEnumerable<string> Violations(SourceTree tree) =>
        from file in tree.Files
        where file.Path.StartsWith("src/", StringComparison.Ordinal)
        from Match match in Leftover().Matches(file.Text)
        select $"{file.At(match.Index)}: {match.Value}";

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX|NotImplementedException)\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Leftover();
}
