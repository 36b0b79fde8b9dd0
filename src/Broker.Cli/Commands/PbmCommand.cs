using System.CommandLine;

namespace Broker.Cli.Commands;

/// <summary>The command line: what <c>pbm</c> can be asked.</summary>
internal static class PbmCommand
{
    /// <summary>Runs one command; what is wrong is a line on standard error and the exit code.</summary>
    public static async Task<int> RunAsync(string[] args, Surroundings surroundings)
    {
        var common = new CommonOptions(surroundings);
        var root = new RootCommand("Shows and moves the nodes of a broker's cluster, over the operators' API of one of them; has RocketWS's shell too.")
        {
            ClusterCommand.Create(common),
            ShardingCommand.Create(common),
            RocketWsCommand.Create(surroundings),
        };
        common.AddTo(root);
        var result = root.Parse(args);
        if (result.Errors.Count > 0)
        {
            return Fail(surroundings, ExitCode.Usage, result.Errors[0].Message);
        }

        try
        {
            return await result.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                Output = surroundings.Out,
                Error = surroundings.Error,
            });
        }
        catch (PbmFailure failure)
        {
            return Fail(surroundings, failure.Code, failure.Message);
        }
    }

    private static int Fail(Surroundings surroundings, ExitCode code, string message)
    {
        surroundings.Error.WriteLine($"pbm: {message}");
        return (int)code;
    }
}
