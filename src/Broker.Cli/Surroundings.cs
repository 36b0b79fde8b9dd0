namespace Broker.Cli;

/// <summary>What a run of <c>pbm</c> has around it; a test brings its own.</summary>
/// <param name="Out">Results, and nothing else.</param>
/// <param name="Error">What is wrong, and what is waited for.</param>
/// <param name="Environment">A variable's value; null for none.</param>
/// <param name="Time">The clock that <c>--wait</c> waits by.</param>
internal sealed record Surroundings(TextWriter Out, TextWriter Error, Func<string, string?> Environment, TimeProvider Time)
{
    /// <summary>What is typed; nothing, unless there is somebody who types.</summary>
    public TextReader In { get; init; } = TextReader.Null;

    /// <summary>Whether results go to a person's screen.</summary>
    public bool IsTerminal { get; init; }

    public static Surroundings OfTheProcess() => new(Console.Out, Console.Error, System.Environment.GetEnvironmentVariable, TimeProvider.System)
    {
        In = Console.In,
        IsTerminal = !Console.IsOutputRedirected,
    };
}
