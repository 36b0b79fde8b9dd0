namespace Broker.Cli;

/// <summary>Ends a command: one line for people, a number for scripts.</summary>
internal sealed class PbmFailure(ExitCode code, string message) : Exception(message)
{
    public ExitCode Code => code;
}
