using Broker.Architecture.Tests.Rules;

namespace Broker.Architecture.Tests;

/// <summary>The rules, applied to this repository.</summary>
public sealed class HouseTests
{
    private static readonly SourceTree Repository = SourceTree.OfThisRepository();

    public static TheoryData<string> RuleNames => [.. AllRules.List.Select(rule => rule.Name)];

    [Theory]
    [MemberData(nameof(RuleNames))]
    public void Repository_ByEveryRule_IsInOrder(string rule) =>
        AllRules.Named(rule).Violations(Repository).ShouldBeEmpty();

    [Fact]
    public void Repository_WhenRead_IsNotEmpty()
    {
        Repository.SourceProjects.Select(project => project.Name).ShouldBeSubsetOf(House.MayReference.Keys);
        Repository.SourceProjects.Count().ShouldBeGreaterThanOrEqualTo(4);
        Repository.Code.ShouldContain(file => file.Path == "tests/Broker.Architecture.Tests/HouseTests.cs");
    }

    [Fact]
    public void Assemblies_AsBuilt_ReferenceOneWay() =>
        AssemblyReferences.Violations(Repository.SourceProjects, AppContext.BaseDirectory).ShouldBeEmpty();
}
