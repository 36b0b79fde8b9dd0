using Broker.Cli.Commands;

namespace Broker.Cli.Tests;

/// <summary>One run of <c>pbm</c>, and what came of it.</summary>
internal sealed record Run(ExitCode Code, string Out, string Error)
{
    /// <summary>With the token in the environment, as operators have it.</summary>
    public static Task<Run> WithTokenAsync(FakeNode node, params string[] args) =>
        InAsync(new() { ["PBM_URL"] = node.Url, ["PBM_TOKEN"] = FakeNode.Token }, args);

    public static Task<Run> InAsync(Dictionary<string, string> environment, params string[] args) => TypedAsync("", environment, args);

    /// <param name="input">What is typed, line by line, until it ends.</param>
    public static async Task<Run> TypedAsync(string input, Dictionary<string, string> environment, params string[] args)
    {
        using var typed = new StringReader(input);
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await PbmCommand.RunAsync(args, new Surroundings(output, error, environment.GetValueOrDefault, TimeProvider.System) { In = typed });
        return new Run((ExitCode)code, output.ToString(), error.ToString());
    }
}
