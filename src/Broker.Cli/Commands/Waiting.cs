using System.CommandLine;

namespace Broker.Cli.Commands;

/// <summary><c>--wait</c>: asks again until something is so.</summary>
internal sealed class Waiting(Surroundings surroundings)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly Option<bool> _wait = new("--wait") { Description = "Waits until it is so" };

    private readonly Option<int> _timeout = new("--timeout")
    {
        Description = "How many seconds --wait waits. Default: 60",
        HelpName = "seconds",
        DefaultValueFactory = _ => 60,
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_wait);
        command.Options.Add(_timeout);
    }

    public bool IsAsked(ParseResult result) => result.GetValue(_wait);

    /// <param name="isSo">Asked at once, and then again and again.</param>
    /// <param name="what">What is waited for.</param>
    public async Task UntilAsync(ParseResult result, Func<CancellationToken, Task<bool>> isSo, string what, CancellationToken cancellationToken)
    {
        var limit = TimeSpan.FromSeconds(result.GetValue(_timeout));
        var startedAt = surroundings.Time.GetTimestamp();
        while (!await isSo(cancellationToken))
        {
            if (surroundings.Time.GetElapsedTime(startedAt) >= limit)
            {
                throw new PbmFailure(ExitCode.TimedOut, $"{what}: not within {limit.TotalSeconds} s.");
            }

            await Task.Delay(Pause, surroundings.Time, cancellationToken);
        }
    }
}
