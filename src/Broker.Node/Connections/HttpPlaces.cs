using Broker.Actors;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Broker.Node.Connections;

/// <summary>
/// Bounds the connections that stay with the HTTP server: kept alive, they would hold files that sessions need. With one more than there may be,
/// the oldest is asked to end: at once when it is idle, else after its request. So nobody is kept out, a probe least of all. Any thread.
/// </summary>
/// <param name="max">How many there may be.</param>
/// <param name="counters">Where it is counted that there was one too many.</param>
internal sealed class HttpPlaces(int max, Counters counters)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<ConnectionContext> _byAge = [];

    /// <summary>Has the HTTP server serve a connection.</summary>
    public async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var node = Take(connection, out var oldest);
        if (oldest is not null)
        {
            counters.Limits.Add(Limit.HttpConnections);
            oldest.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        }

        var place = new HttpPlace(() => GiveBack(node));
        connection.Features.Set(place);
        try
        {
            await next(connection);
        }
        finally
        {
            place.GiveBack();
        }
    }

    private LinkedListNode<ConnectionContext> Take(ConnectionContext connection, out ConnectionContext? oldest)
    {
        lock (_gate)
        {
            oldest = null;
            if (_byAge.Count == max)
            {
                oldest = _byAge.First!.Value;
                _byAge.RemoveFirst();
            }

            return _byAge.AddLast(connection);
        }
    }

    private void GiveBack(LinkedListNode<ConnectionContext> node)
    {
        lock (_gate)
        {
            if (node.List is not null)
            {
                _byAge.Remove(node);
            }
        }
    }
}
