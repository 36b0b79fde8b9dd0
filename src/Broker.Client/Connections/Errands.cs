namespace Broker.Client.Connections;

/// <summary>What a client has under way, so that it can be seen to its end. None of it fails.</summary>
internal sealed class Errands
{
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _tasks = [];

    public void Add(Task task)
    {
        lock (_gate)
        {
            _tasks.Add(task);
        }

        _ = RemoveAsync(task);
    }

    public Task AllAsync()
    {
        lock (_gate)
        {
            return Task.WhenAll(_tasks);
        }
    }

    private async Task RemoveAsync(Task task)
    {
#pragma warning disable VSTHRD003 // Started by whoever added it, on no thread in particular.
        await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
#pragma warning restore VSTHRD003
        lock (_gate)
        {
            _tasks.Remove(task);
        }
    }
}
