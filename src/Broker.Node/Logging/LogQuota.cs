namespace Broker.Node.Logging;

/// <summary>The lines of one kind that may still be written in this minute. Any thread.</summary>
/// <param name="max">Lines in a minute.</param>
internal sealed class LogQuota(int max)
{
    private int _lines;

    /// <summary>Counts a line; true when it may be written.</summary>
    public bool TryTake() => Interlocked.Increment(ref _lines) <= max;

    /// <summary>Ends the minute; returns how many lines were left out in it.</summary>
    public int EndMinute() => Math.Max(Interlocked.Exchange(ref _lines, 0) - max, 0);
}
