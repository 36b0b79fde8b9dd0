using System.Text.RegularExpressions;

namespace Broker.Architecture.Tests.Rules;

/// <summary>A link from one paper to a file of the repository finds it.</summary>
internal sealed partial class LinksLeadSomewhere : IRule
{
    public string Name => "links lead somewhere";

    public IEnumerable<string> Violations(SourceTree tree)
    {
        var files = tree.Files.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        return
            from paper in tree.Files
            where paper.Path.EndsWith(".md", StringComparison.Ordinal)
            from Match link in Link().Matches(CodeBlock().Replace(paper.Text, block => new string('\n', block.Value.Count(c => c == '\n'))))
            let target = link.Groups["target"].Value
            let path = Resolve(paper.Folder, target)
            where !files.Contains(path) && !files.Any(file => file.StartsWith(path.TrimEnd('/') + "/", StringComparison.Ordinal))
            select $"{paper.Path}: {target} is not there";
    }

    private static string Resolve(string folder, string target)
    {
        var root = Path.GetFullPath("/");
        return Path.GetRelativePath(root, Path.GetFullPath(Path.Combine(root, folder, target))).Replace('\\', '/');
    }

    [GeneratedRegex(@"\]\((?<target>[^)#\s:]+)(#[^)]*)?\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Link();

    [GeneratedRegex(@"^```.*?^```|`[^`\n]*`", RegexOptions.ExplicitCapture | RegexOptions.Singleline | RegexOptions.Multiline, 1000)]
    private static partial Regex CodeBlock();
}
