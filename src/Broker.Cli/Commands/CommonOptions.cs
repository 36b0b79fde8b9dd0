using System.CommandLine;
using Broker.Cli.Client;
using Broker.Cli.Output;

namespace Broker.Cli.Commands;

/// <summary>What every command takes.</summary>
internal sealed class CommonOptions(Surroundings surroundings)
{
    public const string UrlVariable = "PBM_URL";

    private const string DefaultUrl = "http://localhost:9772";

    private readonly Option<string?> _url = new("--url")
    {
        Description = $"The node to ask. Default: {UrlVariable} of the environment, else {DefaultUrl}",
        HelpName = "url",
        Recursive = true,
    };

    private readonly Option<string?> _tokenFile = new("--token-file")
    {
        Description = $"A file with the operators' token. Default: {OperatorToken.Variable} of the environment, else the file that {OperatorToken.FileVariable} names",
        HelpName = "file",
        Recursive = true,
    };

    private readonly Option<string?> _token = new("--token")
    {
        Description = "The token itself; others on this machine can see it there",
        HelpName = "token",
        Recursive = true,
    };

    private readonly Option<bool> _json = new("--json")
    {
        Description = "Prints the API's JSON instead of text for people",
        Recursive = true,
    };

    public Surroundings Surroundings => surroundings;

    public void AddTo(Command root)
    {
        root.Options.Add(_url);
        root.Options.Add(_tokenFile);
        root.Options.Add(_token);
        root.Options.Add(_json);
    }

    public Printer Printer(ParseResult result) => new(surroundings, result.GetValue(_json));

    public AdminClient Client(ParseResult result)
    {
        var text = result.GetValue(_url) ?? surroundings.Environment(UrlVariable) ?? DefaultUrl;
        var url = NodeHttp.ReadUrl(text)
            ?? throw new PbmFailure(ExitCode.Usage, "--url must be an http or https address, without a user or a password in it.");
        return new AdminClient(url, OperatorToken.Find(result.GetValue(_token), result.GetValue(_tokenFile), surroundings));
    }
}
