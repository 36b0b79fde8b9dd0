namespace Broker.Architecture.Tests.Rules;

/// <summary>./test builds and checks what the solution names: a project left out of it would never be looked at.</summary>
internal sealed class SolutionNamesEveryProject : IRule
{
    public string Name => "the solution names every project";

    public IEnumerable<string> Violations(SourceTree tree)
    {
        var solution = string.Concat(tree.Files.Where(file => file.Path == "Broker.sln").Select(file => file.Text)).Replace('\\', '/');
        return tree.Projects
            .Where(project => !solution.Contains($"\"{project.File.Path}\"", StringComparison.Ordinal))
            .Select(project => $"{project.File.Path}: not in Broker.sln");
    }
}
