namespace Broker.Architecture.Tests.Rules;

/// <summary>References run one way, and each engine's library stays in its project.</summary>
internal sealed class References : IRule
{
    public string Name => "references run one way";

    public IEnumerable<string> Violations(SourceTree tree) =>
        from project in tree.SourceProjects
        from reference in project.References.Concat(project.Sdks.Select(FrameworkOf))
        let objection = House.Objection(project.Name, reference)
        where objection is not null
        select $"{project.File.Path}: {objection}";

    private static string FrameworkOf(string sdk) =>
        sdk.StartsWith("Microsoft.NET.Sdk.Web", StringComparison.Ordinal) ? "Microsoft.AspNetCore.App" : sdk;
}
