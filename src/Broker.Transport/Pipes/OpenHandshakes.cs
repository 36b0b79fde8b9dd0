namespace Broker.Transport.Pipes;

/// <summary>Connections whose request has not come whole yet. With one more than there may be, the one that waited longest ends. Any thread.</summary>
/// <param name="max">How many there may be.</param>
internal sealed class OpenHandshakes(int max)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Action> _byAge = [];

    /// <summary>A handshake begins; what is returned is disposed of at its end.</summary>
    /// <param name="end">Ends it before its time; called at most once, from any thread.</param>
    public IDisposable Begin(Action end)
    {
        LinkedListNode<Action> node;
        Action? oldest = null;
        lock (_gate)
        {
            node = _byAge.AddLast(end);
            if (_byAge.Count > max)
            {
                oldest = _byAge.First!.Value;
                _byAge.RemoveFirst();
            }
        }

        oldest?.Invoke();
        return new Handshake(this, node);
    }

    private void End(LinkedListNode<Action> node)
    {
        lock (_gate)
        {
            if (node.List is not null)
            {
                _byAge.Remove(node);
            }
        }
    }

    private sealed class Handshake(OpenHandshakes all, LinkedListNode<Action> node) : IDisposable
    {
        public void Dispose() => all.End(node);
    }
}
