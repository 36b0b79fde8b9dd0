namespace Broker.Cli.Client;

/// <summary>Finds the operators' token, without showing it to others.</summary>
internal static class OperatorToken
{
    public const string Variable = "PBM_TOKEN";

    public const string FileVariable = "PBM_TOKEN_FILE";

    /// <summary>The first that is there: the option, which is warned of, the option's file, <c>PBM_TOKEN</c>, <c>PBM_TOKEN_FILE</c>.</summary>
    /// <param name="given">The value of <c>--token</c>.</param>
    /// <param name="file">The value of <c>--token-file</c>.</param>
    public static string Find(string? given, string? file, Surroundings surroundings)
    {
        if (given is not null)
        {
            surroundings.Error.WriteLine($"pbm: --token shows the token to everybody on this machine who lists processes; use {Variable} or --token-file.");
            return SecretToken.Checked(given);
        }

        if (file is null && surroundings.Environment(Variable) is { Length: > 0 } token)
        {
            return SecretToken.Checked(token);
        }

        if ((file ?? surroundings.Environment(FileVariable)) is { Length: > 0 } path)
        {
            return SecretToken.Read(path);
        }

        throw new PbmFailure(ExitCode.NotAllowed, $"A token is needed: set {Variable}, or {FileVariable} or --token-file to a file that has it.");
    }
}
