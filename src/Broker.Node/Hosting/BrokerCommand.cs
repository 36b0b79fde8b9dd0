using System.CommandLine;
using Broker.Node.Connections;
using Broker.Node.WebRocket;
using Microsoft.Extensions.Options;

namespace Broker.Node.Hosting;

/// <summary>The command line: a few options with short names, and every setting by its full one.</summary>
internal static class BrokerCommand
{
    private static readonly Option<string?> Urls = new("--urls")
    {
        Description = "Where to listen, for example http://0.0.0.0:9772; several are separated by semicolons. https://... needs --Broker:Tls:CertificateFile and --Broker:Tls:KeyFile, two files in PEM. Broker:Listeners says more of each. Default: http://localhost:9772, this machine only.",
        HelpName = "urls",
    };

    private static readonly Option<string?> Data = new("--data")
    {
        Description = "The folder of what outlives the node. Default: ./data",
        HelpName = "folder",
    };

    private static readonly Option<string?> Log = new("--log")
    {
        Description = "How the log is written: text for people, json for machines. Default: text",
        HelpName = "text|json",
    };

    /// <summary>Runs the node, or says what is wrong on one line of standard error and returns 1.</summary>
    public static async Task<int> RunAsync(string[] args, Func<IConfiguration, WebApplication> build)
    {
        var command = new RootCommand(
            """
            A clustered WebSocket broker: one node of it.

            Every setting of docs/settings.md can be given by its full name, --Broker:Limits:FrameBytes 131072, in the
            environment, Broker__Limits__FrameBytes=131072, or in appsettings.json in the current folder.

            A file as WebRocket's server took it, CONFIG.json, can be given with that server's flags: docs/webrocket.md.
            """)
        {
            Urls, Data, Log,
        };
        Array.ForEach(RocketFlags.All, command.Options.Add);
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(async (result, _) => await RunNodeAsync(result, build));

        // The node handles signals itself, and has its own way to say what is wrong.
        var result = command.Parse(args);
        if (result.Errors.Count > 0)
        {
            return Fail(result.Errors[0].Message);
        }

        return await result.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    }

    private static async Task<int> RunNodeAsync(ParseResult result, Func<IConfiguration, WebApplication> build)
    {
        if (result.GetValue(RocketFlags.Version))
        {
            await Console.Out.WriteLineAsync($"Rocket Server v.0.2.0\nBroker {BrokerVersion.Text}");
            return 0;
        }

        try
        {
            var arguments = CommandLineSettings.Parse(result.UnmatchedTokens);
            var rocket = RocketCommandLine.Read(arguments, result);
            await using var app = build(BrokerConfiguration.Build(rocket, Overrides(arguments, result)));
            await app.RunAsync();
            return 0;
        }
        catch (OptionsValidationException wrong)
        {
            return Fail(wrong.Failures.ToArray());
        }
        catch (FormatException wrong)
        {
            // A file of settings that is no JSON, an argument that is no setting.
            return Fail(wrong.InnerException is { } inner ? $"{wrong.Message} {inner.Message}" : wrong.Message);
        }
        catch (BindFailure wrong)
        {
            return Fail(wrong.Message);
        }
    }

    private static int Fail(params string[] problems)
    {
        foreach (var problem in problems)
        {
            Console.Error.WriteLine($"broker: {problem}");
        }

        return 1;
    }

    private static IEnumerable<KeyValuePair<string, string?>> Overrides(CommandLineSettings arguments, ParseResult result)
    {
        foreach (var setting in arguments.Values)
        {
            yield return setting;
        }

        foreach (var (option, name) in new[] { (Urls, "Broker:Urls"), (Data, "Broker:Data"), (Log, "Broker:Log") })
        {
            if (result.GetValue(option) is { } value)
            {
                yield return KeyValuePair.Create<string, string?>(name, value);
            }
        }
    }
}
