using System.Collections.Concurrent;
using Broker.Messages;

namespace Broker.Actors.Queries;

/// <summary>The other nodes' answers to one question, as they come. Filled by one loop, read from any thread.</summary>
internal sealed class PeerAnswers
{
    private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<NodeAnswer> _parts = [];
    private readonly HashSet<Incarnation> _missing = [];

    /// <summary>Completes when every node that was asked has answered.</summary>
#pragma warning disable VSTHRD003 // Completed by the loop, which never waits for a task.
    public Task All => _all.Task;
#pragma warning restore VSTHRD003

    /// <summary>True when a node went, or is missing yet.</summary>
    public bool IsPartial => !_all.Task.IsCompleted || _hasLost;

    public IReadOnlyCollection<NodeAnswer> Parts => _parts;

    private volatile bool _hasLost;

    public void Expect(IEnumerable<Incarnation> nodes)
    {
        _missing.UnionWith(nodes);
        CompleteIfWhole();
    }

    public void Add(Incarnation node, NodeAnswer part)
    {
        if (_missing.Remove(node))
        {
            _parts.Enqueue(part);
            CompleteIfWhole();
        }
    }

    public void Lose(Incarnation node)
    {
        if (_missing.Remove(node))
        {
            _hasLost = true;
            CompleteIfWhole();
        }
    }

    private void CompleteIfWhole()
    {
        if (_missing.Count == 0)
        {
            _all.TrySetResult();
        }
    }
}
