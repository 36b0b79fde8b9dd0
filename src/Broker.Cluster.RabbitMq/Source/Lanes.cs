using System.Diagnostics.CodeAnalysis;
using Broker.Messages;

namespace Broker.Cluster.RabbitMq.Source;

/// <summary>
/// Work on messages: what is for one channel is done one after the other, each when the one before it is finished; channels go side by
/// side. An emit that is refused for the moment holds up its channel and no other.
/// </summary>
/// <remarks>
/// Emits of a channel are not put in before the last is answered: the first could be refused (its owner was lost, no
/// answer within 3 s) after the second was taken, and would come behind it.
/// </remarks>
internal sealed class Lanes
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ChannelName, Queue<Func<Task>>> _lanes = [];
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isClosed;

    /// <summary>Begins at once where nothing is under way in the lane.</summary>
    /// <param name="work">Never fails.</param>
    public void Add(ChannelName lane, Func<Task> work)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            if (_lanes.TryGetValue(lane, out var waiting))
            {
                waiting.Enqueue(work);
                return;
            }

            _lanes.Add(lane, []);
        }

        _ = RunAsync(lane, work);
    }

    /// <summary>Begins nothing more; what waits is forgotten.</summary>
    /// <returns>When what is under way is finished.</returns>
    public Task CloseAsync()
    {
        lock (_gate)
        {
            _isClosed = true;
            if (_lanes.Count == 0)
            {
                _idle.TrySetResult();
            }
        }

#pragma warning disable VSTHRD003 // Completed by the last lane.
        return _idle.Task;
#pragma warning restore VSTHRD003
    }

    private async Task RunAsync(ChannelName lane, Func<Task> first)
    {
        var work = first;
        do
        {
            await work();
        }
        while (TryNext(lane, out work));
    }

    private bool TryNext(ChannelName lane, [NotNullWhen(true)] out Func<Task>? work)
    {
        lock (_gate)
        {
            if (!_isClosed && _lanes[lane].TryDequeue(out work))
            {
                return true;
            }

            work = null;
            _lanes.Remove(lane);
            if (_isClosed && _lanes.Count == 0)
            {
                _idle.TrySetResult();
            }

            return false;
        }
    }
}
