using System.Text.RegularExpressions;

namespace Broker.Architecture.Tests.Rules;

/// <summary>A test's need is one that ./test knows; a misspelt one would be neither fetched nor noticed.</summary>
internal sealed partial class TestsSayWhatTheyNeed : IRule
{
    public string Name => "tests say what they need";

    public IEnumerable<string> Violations(SourceTree tree) =>
        from file in tree.Code
        where file.Path.StartsWith("tests/", StringComparison.Ordinal)
        from Match trait in Trait().Matches(file.Code)
        let need = Need().Match(file.Text, trait.Index)
        where need.Success && !House.Needs.Contains(need.Groups["value"].Value)
        select $"{file.At(trait.Index)}: Needs is one of {string.Join(", ", House.Needs)}, as a plain string";

    [GeneratedRegex(@"\bTrait(Attribute)?\s*\(", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Trait();

    [GeneratedRegex(@"\GTrait(Attribute)?\s*\(\s*""Needs""\s*,\s*(""(?<value>[^""]*)"")?", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Need();
}
