namespace Broker.Cli.Client;

/// <summary>A token from a file or the environment. What is wrong with it is told without it.</summary>
internal static class SecretToken
{
    /// <summary>The file's, else the variable's; null where there is neither.</summary>
    public static string? FindIn(string variable, string? file, Surroundings surroundings) =>
        file is not null ? Read(file)
        : surroundings.Environment(variable) is { Length: > 0 } token ? Checked(token)
        : null;

    public static string Read(string path)
    {
        try
        {
            return Checked(File.ReadAllText(path).Trim());
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new PbmFailure(ExitCode.NotAllowed, $"The token's file cannot be read: {failure.Message}");
        }
    }

    // A header has no room for anything else, and the message of what would complain repeats the value.
    public static string Checked(string token) => token.Length > 0 && token.All(c => c is >= ' ' and <= '~')
        ? token
        : throw new PbmFailure(ExitCode.NotAllowed, "The token is empty, or has characters other than printable ASCII.");
}
