using Broker.Cli.Commands;

namespace Broker.Cli.Tests;

/// <summary>One run of <c>pbm</c>, and what came of it.</summary>
internal sealed record Run(ExitCode Code, string Out, string Error)
{
    /// <summary>With the token in the environment, as operators have it.</summary>
    public static Task<Run> WithTokenAsync(FakeNode node, params string[] args) =>
        InAsync(new() { ["PBM_URL"] = node.Url, ["PBM_TOKEN"] = FakeNode.Token }, args);

    public static async Task<Run> InAsync(Dictionary<string, string> environment, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await PbmCommand.RunAsync(args, new Surroundings(output, error, environment.GetValueOrDefault, TimeProvider.System));
        return new Run((ExitCode)code, output.ToString(), error.ToString());
    }
}
