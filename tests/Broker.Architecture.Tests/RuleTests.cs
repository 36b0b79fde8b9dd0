using Broker.Architecture.Tests.Rules;

namespace Broker.Architecture.Tests;

/// <summary>A rule that cannot object is none: each is shown trees that break it.</summary>
public sealed class RuleTests
{
    public static TheoryData<int> BadTrees => [.. Enumerable.Range(0, BadTree.All.Count)];

    public static TheoryData<string> RuleNames => HouseTests.RuleNames;

    [Theory]
    [MemberData(nameof(BadTrees))]
    public void Rule_OnATreeThatBreaksIt_Objects(int number)
    {
        var bad = BadTree.All[number];
        using var tree = BadTree.Orderly().Write(bad.Path, bad.Text);

        AllRules.Named(bad.Rule).Violations(tree.Tree).ShouldContain(
            violation => violation.Contains(bad.Objection, StringComparison.Ordinal),
            $"{bad.Rule}: {bad.Path}: {bad.Text}");
    }

    [Theory]
    [MemberData(nameof(RuleNames))]
    public void Rule_OnAnOrderlyTree_IsContent(string rule)
    {
        using var tree = BadTree.Orderly();

        AllRules.Named(rule).Violations(tree.Tree).ShouldBeEmpty();
    }

    [Fact]
    public void EveryRule_HasATreeThatBreaksIt() =>
        BadTree.All.Select(bad => bad.Rule).Distinct().ShouldBe(AllRules.List.Select(rule => rule.Name), ignoreOrder: true);
}
