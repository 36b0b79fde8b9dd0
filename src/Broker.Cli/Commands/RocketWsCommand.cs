using System.CommandLine;
using Broker.Cli.Client;
using Broker.Cli.RocketWs;

namespace Broker.Cli.Commands;

/// <summary><c>pbm rocketws</c>: what RocketWS's own tool did.</summary>
internal static class RocketWsCommand
{
    /// <summary>Names the source's token; the operators' one is not for it.</summary>
    private const string TokenVariable = "ROCKETWS_TOKEN";

    private const string DefaultUrl = "http://localhost:9772/rocketws";

    public static Command Create(Surroundings surroundings) => new("rocketws", "RocketWS's message source: shell") { Shell(surroundings) };

    private static Command Shell(Surroundings surroundings)
    {
        var url = new Argument<string>("url") { Description = $"The message source. Default: {DefaultUrl}", DefaultValueFactory = _ => DefaultUrl };
        var tokenFile = new Option<string?>("--source-token-file")
        {
            Description = $"A file with Broker:RocketWs:SourceToken. Default: {TokenVariable} of the environment, else none",
            HelpName = "file",
        };
        var command = new Command("shell", "Emits, and asks who is there, by commands that are typed") { url, tokenFile };
        command.SetAction(async (result, cancellationToken) =>
        {
            var text = result.GetValue(url)!;
            var at = SourceUrl.Read(text) ?? throw new PbmFailure(ExitCode.Usage, SourceUrl.Wrong(text));
            var token = SecretToken.FindIn(TokenVariable, result.GetValue(tokenFile), surroundings);
            using var shell = new RocketWsShell(surroundings, address => new MessageSource(address, token), at);
            await shell.RunAsync(cancellationToken);
            return (int)ExitCode.Ok;
        });
        return command;
    }
}
