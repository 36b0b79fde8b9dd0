using System.Text.RegularExpressions;

namespace Broker.Architecture.Tests.Rules;

/// <summary>Code names only what its project may know: in a using, or written out in full.</summary>
internal sealed partial class Usages : IRule
{
    public string Name => "code names only what its project may know";

    public IEnumerable<string> Violations(SourceTree tree) =>
        from file in tree.Code
        where file.Path.StartsWith("src/", StringComparison.Ordinal)
        let project = tree.ProjectOf(file)
        where project is not null
        from Match match in QualifiedName().Matches(file.Code)
        let objection = House.Objection(project.Name, Known(Spaces().Replace(match.Value, "")))
        where objection is not null
        select $"{file.At(match.Index)}: {objection}";

    /// <summary>Broker.Actors.Rooms.NodeRoom is of the project Broker.Actors; the longest name wins.</summary>
    private static string Known(string name) =>
        House.MayReference.Keys
            .Where(project => name == project || name.StartsWith(project + ".", StringComparison.Ordinal))
            .MaxBy(project => project.Length) ?? (name.StartsWith("Broker.", StringComparison.Ordinal) ? "" : name);

    [GeneratedRegex(@"(?<![\w.])[A-Z]\w*(\s*\.\s*[A-Z]\w*)+|(?<=\busing\s+(static\s+)?)[A-Z]\w*(?=\s*;)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex QualifiedName();

    [GeneratedRegex(@"\s+", RegexOptions.None, 1000)]
    private static partial Regex Spaces();
}
