namespace Broker.Architecture.Tests.Rules;

/// <summary>Where a file lies tells its namespace.</summary>
internal sealed class NamespacesFollowFolders : IRule
{
    public string Name => "namespaces follow folders";

    public IEnumerable<string> Violations(SourceTree tree)
    {
        foreach (var file in tree.Code)
        {
            if (tree.ProjectOf(file) is not { } project)
            {
                yield return $"{file.Path}: belongs to no project";
                continue;
            }

            var expected = project.RootNamespace + file.Folder[project.Folder.Length..].Replace('/', '.');
            var declared = Declarations.Namespaces(file).ToArray();
            foreach (var wrong in declared.Where(name => name != expected))
            {
                yield return $"{file.Path}: namespace {wrong} should be {expected}";
            }

            // The only type outside a namespace is the one that top-level statements make.
            if (declared.Length == 0 && Declarations.Types(file).Any(type => type != "Program"))
            {
                yield return $"{file.Path}: has no namespace, should be {expected}";
            }
        }
    }
}
