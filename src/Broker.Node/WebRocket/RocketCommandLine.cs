using System.CommandLine;
using Broker.Node.Hosting;

namespace Broker.Node.WebRocket;

/// <summary>What a start with a file of the original's form means.</summary>
/// <param name="File">The file; null for a start without one.</param>
/// <param name="Settings">What it and the flags say of the node as a whole.</param>
internal sealed record RocketCommandLine(string? File, IReadOnlyList<KeyValuePair<string, string?>> Settings)
{
    /// <summary>Reads the file, and has the log go where it says.</summary>
    /// <exception cref="FormatException">Something is wrong, in the original's words.</exception>
    public static RocketCommandLine Read(CommandLineSettings arguments, ParseResult result)
    {
        if (arguments.Files.Count > 1 || (arguments.Files.Count == 0 && RocketFlags.AreIn(result)))
        {
            throw new FormatException(RocketFlags.Usage);
        }

        if (arguments.Files.Count == 0)
        {
            return new RocketCommandLine(null, []);
        }

        var file = Read(arguments.Files[0]);
        if (RocketFlags.LogFile(file, result) is { } log)
        {
            LogTo(log);
        }

        return new RocketCommandLine(arguments.Files[0], [.. RocketFlags.Settings(file, result)]);
    }

    private static RocketFile Read(string path)
    {
        try
        {
            using var stream = System.IO.File.OpenRead(path);
            return RocketFile.Read(stream);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw new FormatException("Config reading error:", wrong);
        }
    }

    /// <summary>The console's logger writes to what the console's output is when it is made.</summary>
    private static void LogTo(string path)
    {
        try
        {
            Console.SetOut(new StreamWriter(path, append: true) { AutoFlush = true });
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw new FormatException("Log file error:", wrong);
        }
    }
}
