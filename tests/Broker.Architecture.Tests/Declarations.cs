using System.Text.RegularExpressions;

namespace Broker.Architecture.Tests;

/// <summary>The namespaces and the outermost types that a file declares, read from its bare code.</summary>
internal static partial class Declarations
{
    public static IEnumerable<string> Namespaces(SourceFile file) =>
        Namespace().Matches(file.Code).Select(match => match.Groups["name"].Value);

    public static IEnumerable<string> Types(SourceFile file)
    {
        var outermost = OutermostCode(file.Code);
        return Type().Matches(outermost).Select(match => match.Groups["name"].Value);
    }

    /// <summary>Blanks what stands within braces other than a namespace's.</summary>
    private static string OutermostCode(string code)
    {
        var kept = code.ToCharArray();
        var inNamespace = new Stack<bool>();
        var statement = 0;
        for (var i = 0; i < code.Length; i++)
        {
            if (code[i] == '{')
            {
                inNamespace.Push(code.AsSpan(statement, i - statement).TrimStart().StartsWith("namespace ", StringComparison.Ordinal));
            }
            else if (code[i] == '}' && inNamespace.Count > 0)
            {
                inNamespace.Pop();
            }
            else if (inNamespace.Contains(false))
            {
                kept[i] = ' ';
            }

            if (code[i] is '{' or '}' or ';')
            {
                statement = i + 1;
            }
        }

        return new string(kept);
    }

    [GeneratedRegex(@"(?<=^|[;{}\s])namespace\s+(?<name>[\w.]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"\b(class|struct|interface|enum|record(\s+(class|struct))?|delegate\s+[^;({=]*?)\s+@?(?<name>(?!where\b|class\b|struct\b)\w+)\s*[<({:;\s]",
        RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Type();
}
