namespace Broker.Architecture.Tests.Rules;

internal static class AllRules
{
    public static readonly IReadOnlyList<IRule> List =
    [
        new References(),
        new Usages(),
        new NamespacesFollowFolders(),
        new FilesNamedForATypeOfTheirs(),
        new NoLeftovers(),
        new SolutionNamesEveryProject(),
        new TestsSayWhatTheyNeed(),
        new LinksLeadSomewhere(),
    ];

    public static IRule Named(string name) => List.Single(rule => rule.Name == name);
}
