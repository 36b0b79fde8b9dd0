namespace Broker.TestKit.Sessions;

/// <summary>Lines in the order in which they came. Written by a loop, read and waited for by a test.</summary>
public sealed class Recording
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];
    private TaskCompletionSource? _changed;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _lines.Count;
            }
        }
    }

    public string[] All
    {
        get
        {
            lock (_gate)
            {
                return [.. _lines];
            }
        }
    }

    public void Add(string line)
    {
        TaskCompletionSource? changed;
        lock (_gate)
        {
            _lines.Add(line);
            changed = _changed;
            _changed = null;
        }

        changed?.TrySetResult();
    }

    public void Clear()
    {
        lock (_gate)
        {
            _lines.Clear();
        }
    }

    /// <summary>Returns once a line equals <paramref name="line"/>.</summary>
    public Task WaitForAsync(string line) => WaitForAsync(lines => lines.Contains(line), line);

    public Task WaitForAsync(int count) => WaitForAsync(lines => lines.Count >= count, $"{count} lines");

    public async Task WaitForAsync(Func<IReadOnlyList<string>, bool> isThere, string what)
    {
        var limit = Task.Delay(Limit);
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (isThere(_lines))
                {
                    return;
                }

                changed = (_changed ??= NewSource()).Task;
            }

            if (await Task.WhenAny(changed, limit) == limit)
            {
                throw new TimeoutException($"Never came: {what}. Came: {string.Join(" | ", All.TakeLast(20))}");
            }
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
