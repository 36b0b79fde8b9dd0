using Broker.Actors.Cluster;

namespace Broker.Cluster.RabbitMq;

/// <summary>
/// Which send RabbitMQ means when it confirms a number: it counts what a channel publishes from 1. Numbered by the publisher,
/// answered by the connection's reader.
/// </summary>
internal sealed class Confirms
{
    private const int Max = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, SendId> _open = [];
    private ulong _last;
    private ulong _lowest = 1;
    private int _asked;

    /// <summary>Makes room for one more, from any thread.</summary>
    /// <returns>False: too many are open.</returns>
    public bool TryAsk()
    {
        if (Interlocked.Increment(ref _asked) <= Max)
        {
            return true;
        }

        Interlocked.Decrement(ref _asked);
        return false;
    }

    /// <summary>Gives the room back: it was not sent.</summary>
    public void Withdraw() => Interlocked.Decrement(ref _asked);

    /// <summary>Must be called before its publish, in the order of publishes.</summary>
    public void Publishing(SendId id)
    {
        lock (_gate)
        {
            _open.Add(++_last, id);
        }
    }

    /// <returns>The sends that this answers, in their order.</returns>
    public IReadOnlyList<SendId> Answered(ulong number, bool multiple)
    {
        var answered = new List<SendId>();
        lock (_gate)
        {
            for (var one = multiple ? _lowest : number; one <= number; one++)
            {
                if (_open.Remove(one, out var id))
                {
                    answered.Add(id);
                }
            }

            while (_lowest <= _last && !_open.ContainsKey(_lowest))
            {
                _lowest++;
            }
        }

        Interlocked.Add(ref _asked, -answered.Count);
        return answered;
    }
}
