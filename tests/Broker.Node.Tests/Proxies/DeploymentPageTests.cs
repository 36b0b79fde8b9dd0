namespace Broker.Node.Tests.Proxies;

public sealed class DeploymentPageTests
{
    public static TheoryData<string> Files => [.. Directory.GetFiles(RealProxy.Docs("")).Select(file => Path.GetFileName(file)!)];

    /// <summary>What the page shows is what the tests run.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    public async Task Page_ShowsTheFileAsItIs(string file)
    {
        var page = await File.ReadAllTextAsync(Path.Combine(RealProxy.Docs(""), "..", "deployment.md"));

        page.ShouldContain("\n" + await File.ReadAllTextAsync(RealProxy.Docs(file)) + "```", Case.Sensitive);
    }
}
