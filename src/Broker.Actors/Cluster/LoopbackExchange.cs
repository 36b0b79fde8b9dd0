using System.Globalization;

namespace Broker.Actors.Cluster;

/// <summary>
/// Joins the buses of the nodes of one process. Links between two of them can be cut, healed and delayed, connections
/// broken, by a test. Not an actor: under one lock, and never held while a node is called.
/// </summary>
/// <param name="isPumped">True: nothing is delivered but by <see cref="Pump"/>, on the caller's thread.</param>
public sealed class LoopbackExchange(TimeProvider time, bool isPumped = false)
{
    /// <summary>Bytes that may wait for one node.</summary>
    public const long MaxWaitingBytes = 64 << 20;

    private readonly Lock _gate = new();
    private readonly List<LoopbackBus> _buses = [];
    private readonly HashSet<(LoopbackBus From, LoopbackBus To)> _cuts = [];
    private readonly Dictionary<(LoopbackBus From, LoopbackBus To), TimeSpan> _delays = [];
    private readonly List<Delayed> _delayed = [];
    private long _lastAddress;

    /// <summary>A bus for one node.</summary>
    public LoopbackBus CreateBus()
    {
        var bus = new LoopbackBus(this, isPumped);
        lock (_gate)
        {
            _buses.Add(bus);
        }

        return bus;
    }

    /// <summary>Loses everything between two nodes, both ways, until <see cref="Heal"/>. Neither is told.</summary>
    public void Cut(LoopbackBus one, LoopbackBus other)
    {
        CutOneWay(one, other);
        CutOneWay(other, one);
    }

    public void CutOneWay(LoopbackBus from, LoopbackBus to)
    {
        lock (_gate)
        {
            _cuts.Add((from, to));
        }
    }

    public void Heal(LoopbackBus one, LoopbackBus other)
    {
        lock (_gate)
        {
            _cuts.Remove((one, other));
            _cuts.Remove((other, one));
        }
    }

    /// <summary>What one node sends another arrives this much later, in its order.</summary>
    public void Delay(LoopbackBus from, LoopbackBus to, TimeSpan delay)
    {
        lock (_gate)
        {
            _delays[(from, to)] = delay;
        }
    }

    /// <summary>The node loses its connection: its address is gone, and with it what waits there.</summary>
    public void Disconnect(LoopbackBus bus)
    {
        lock (_gate)
        {
            if (bus.Address is not null)
            {
                bus.Address = null;
                bus.Clear();
                bus.Put(new LoopbackCall.Disconnected());
            }
        }

        bus.Wake();
    }

    /// <summary>The node is connected again, at a new address.</summary>
    public void Connect(LoopbackBus bus)
    {
        lock (_gate)
        {
            if (bus.Address is null)
            {
                var address = new BusAddress("loopback-" + (++_lastAddress).ToString(CultureInfo.InvariantCulture));
                bus.Address = address;
                bus.Put(new LoopbackCall.Connected(address));
            }
        }

        bus.Wake();
    }

    /// <summary>Delivers all that is due, and what that causes; true when there was something.</summary>
    public bool Pump()
    {
        var worked = false;
        for (var goesOn = true; goesOn; worked |= goesOn)
        {
            goesOn = Release();
            foreach (var bus in Buses())
            {
                goesOn |= bus.Pump();
            }
        }

        return worked;
    }

    internal bool TrySend(LoopbackBus from, BusAddress to, SendId id, ReadOnlyMemory<byte> batch, bool confirm)
    {
        LoopbackBus? receiver;
        lock (_gate)
        {
            if (from.Address is null)
            {
                return false;
            }

            receiver = _buses.Find(bus => bus.Address == to);
            if (receiver is not null && receiver.WaitingBytes + batch.Length > MaxWaitingBytes)
            {
                return false;
            }

            if (receiver is null)
            {
                from.Put(new LoopbackCall.Returned(to, id));
            }
            else
            {
                Deliver(from, receiver, new LoopbackCall.Received(to, batch.ToArray()));
            }

            if (confirm)
            {
                from.Put(new LoopbackCall.Confirmed(id, IsAccepted: true));
            }
        }

        receiver?.Wake();
        from.Wake();
        return true;
    }

    internal bool TryNews(LoopbackBus from, ReadOnlyMemory<byte> news)
    {
        lock (_gate)
        {
            if (from.Address is null)
            {
                return false;
            }

            var copy = news.ToArray();
            foreach (var receiver in _buses)
            {
                if (receiver.Address is { } address && receiver.WaitingBytes + copy.Length <= MaxWaitingBytes)
                {
                    Deliver(from, receiver, new LoopbackCall.News(address, copy));
                }
            }
        }

        foreach (var bus in Buses())
        {
            bus.Wake();
        }

        return true;
    }

    internal void Remove(LoopbackBus bus)
    {
        lock (_gate)
        {
            _buses.Remove(bus);
            bus.Address = null;
            bus.Clear();
        }
    }

    internal LoopbackCall? Take(LoopbackBus bus)
    {
        lock (_gate)
        {
            return bus.TakeOne();
        }
    }

    private LoopbackBus[] Buses()
    {
        lock (_gate)
        {
            return [.. _buses];
        }
    }

    private void Deliver(LoopbackBus from, LoopbackBus to, LoopbackCall call)
    {
        if (_cuts.Contains((from, to)))
        {
            return;
        }

        var delay = _delays.GetValueOrDefault((from, to));
        if (delay == TimeSpan.Zero && !_delayed.Exists(delayed => delayed.From == from && delayed.To == to))
        {
            to.Put(call);
            return;
        }

        _delayed.Add(new Delayed(from, to, call, time.GetTimestamp(), delay));
        if (!isPumped)
        {
            _ = ReleaseLaterAsync(delay);
        }
    }

    private async Task ReleaseLaterAsync(TimeSpan delay)
    {
        await Task.Delay(delay, time);
        Release();
    }

    /// <summary>Hands over what has been delayed long enough; the first of a link holds up those behind it.</summary>
    private bool Release()
    {
        var released = new List<LoopbackBus>();
        lock (_gate)
        {
            var held = new HashSet<(LoopbackBus, LoopbackBus)>();
            _delayed.RemoveAll(delayed =>
            {
                if (held.Contains((delayed.From, delayed.To)) || time.GetElapsedTime(delayed.SentAt) < delayed.Delay)
                {
                    held.Add((delayed.From, delayed.To));
                    return false;
                }

                delayed.To.Put(delayed.Call);
                released.Add(delayed.To);
                return true;
            });
        }

        foreach (var bus in released)
        {
            bus.Wake();
        }

        return released.Count > 0;
    }

    private sealed record Delayed(LoopbackBus From, LoopbackBus To, LoopbackCall Call, long SentAt, TimeSpan Delay);
}
