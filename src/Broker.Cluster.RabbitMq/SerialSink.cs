using Broker.Actors.Cluster;

namespace Broker.Cluster.RabbitMq;

/// <summary>
/// Calls the node's sink for one connection after the other, one call at a time, and for a connection only between its
/// <see cref="Begin"/> and its <see cref="End"/>.
/// </summary>
internal sealed class SerialSink(IBusSink sink, Action<Exception> report)
{
    private readonly Lock _gate = new();
    private object? _current;

    public void Begin(object connection, BusAddress self)
    {
        lock (_gate)
        {
            _current = connection;
            Call(() => sink.Connected(self));
        }
    }

    public void End(object connection)
    {
        lock (_gate)
        {
            if (_current == connection)
            {
                _current = null;
                Call(sink.Disconnected);
            }
        }
    }

    /// <summary>Ends without a word.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _current = null;
        }
    }

    public void Received(object connection, ReadOnlyMemory<byte> body, bool isNews)
    {
        lock (_gate)
        {
            if (_current != connection)
            {
                return;
            }

            try
            {
                if (isNews)
                {
                    sink.NewsReceived(body);
                }
                else
                {
                    sink.Received(body);
                }
            }
            catch (Exception fault)
            {
                report(fault);
            }
        }
    }

    public void Returned(object connection, BusAddress to, SendId id) => Tell(connection, () => sink.Returned(to, id));

    public void Confirmed(object connection, SendId id, bool accepted) => Tell(connection, () => sink.Confirmed(id, accepted));

    private void Tell(object connection, Action call)
    {
        lock (_gate)
        {
            if (_current == connection)
            {
                Call(call);
            }
        }
    }

    /// <summary>A bug of the node's must not end its bus.</summary>
    private void Call(Action call)
    {
        try
        {
            call();
        }
        catch (Exception fault)
        {
            report(fault);
        }
    }
}
