using System.Globalization;
using Broker.Actors.Cluster;

namespace Broker.TestKit.Simulation;

/// <summary>
/// What RabbitMQ is to nodes: a queue per connection, gone with it; what is published reaches its queue after a while and its
/// node after another, first in first out; a publish to no queue comes back. Ways can be cut, connections lost or half open.
/// </summary>
internal sealed class SimulatedExchange(SimulatedCluster cluster)
{
    /// <summary>Bytes that may wait for one node; beyond them what is published to it is refused.</summary>
    public const long QueueBytes = 64 << 20;

    /// <summary>Bytes of one node that may be on their way to the exchange.</summary>
    private const long PublishBytes = 8 << 20;

    private readonly List<SimulatedBus> _buses = [];
    private readonly Dictionary<BusAddress, SimulatedBus> _queues = [];
    private long _lastAddress;

    /// <summary>Pairs of machines between which nothing gets through.</summary>
    public HashSet<(int From, int To)> Cuts { get; } = [];

    /// <summary>Machines that cannot reach the exchange.</summary>
    public HashSet<int> Unreached { get; } = [];

    /// <summary>Machines whose connection looks open, and of which nothing gets out.</summary>
    public HashSet<int> Mute { get; } = [];

    /// <summary>Machines whose connection looks open, and to which nothing gets through.</summary>
    public HashSet<int> Deaf { get; } = [];

    public bool IsAway { get; private set; }

    private Agenda Agenda => cluster.Agenda;

    public SimulatedBus CreateBus()
    {
        var bus = new SimulatedBus(this);
        _buses.Add(bus);
        return bus;
    }

    public void Connect(SimulatedBus bus)
    {
        Agenda.After(Agenda.DrawDelay(10), () =>
        {
            if (bus.Node.State != SimulatedNodeState.Running || IsAway || Unreached.Contains(bus.Node.Slot))
            {
                if (bus.Node.State != SimulatedNodeState.Gone)
                {
                    Agenda.After(Agenda.Draw(50, 400), () => Connect(bus));
                }

                return;
            }

            var address = new BusAddress("q" + (++_lastAddress).ToString(CultureInfo.InvariantCulture));
            bus.Connection++;
            bus.Address = address;
            bus.WaitingBytes = 0;
            bus.UnpublishedBytes = 0;
            _queues.Add(address, bus);
            Agenda.Note(bus.Node.Name, $"has the queue {address}");
            Deliver(bus, () =>
            {
                bus.IsConnected = true;
                bus.Sink!.Connected(address);
            });
        });
    }

    public bool Has(BusAddress queue) => _queues.ContainsKey(queue);

    /// <summary>The connection is lost: the queue is gone, and with it what waited and what was on its way.</summary>
    public void Disconnect(SimulatedBus bus)
    {
        if (bus.Address is not { } address)
        {
            return;
        }

        _queues.Remove(address);
        bus.Address = null;
        bus.Connection++;
        bus.WaitingBytes = 0;
        Agenda.Note(bus.Node.Name, $"has lost the queue {address}");
        bus.Node.Later(Agenda.DrawDelay(2), () =>
        {
            bus.IsConnected = false;
            bus.Sink!.Disconnected();
            Connect(bus);
        });
    }

    /// <summary>The exchange stops: every connection is lost, and none can be made.</summary>
    public void Stop()
    {
        IsAway = true;
        foreach (var bus in _buses)
        {
            Disconnect(bus);
        }
    }

    public void Start() => IsAway = false;

    public bool TrySend(SimulatedBus from, BusAddress to, SendId id, ReadOnlyMemory<byte> batch, bool confirm)
    {
        if (!from.IsConnected || from.UnpublishedBytes + batch.Length > PublishBytes || cluster.RefusesSends(from.Node))
        {
            return false;
        }

        var copy = batch.ToArray();
        from.UnpublishedBytes += copy.Length;
        Publish(from, () =>
        {
            from.UnpublishedBytes -= copy.Length;
            Arrive(from, to, id, copy, confirm);
        });
        return true;
    }

    public bool TryNews(SimulatedBus from, ReadOnlyMemory<byte> news)
    {
        if (!from.IsConnected)
        {
            return false;
        }

        var copy = news.ToArray();
        Agenda.After(Agenda.DrawDelay(1), () =>
        {
            foreach (var to in _queues.Values.ToArray())
            {
                if (!Agenda.Chance(0.05) && Gets(from, to))
                {
                    var connection = to.Connection;
                    Agenda.After(Agenda.DrawDelay(2), () =>
                    {
                        if (to.Connection == connection)
                        {
                            Agenda.Note(to.Node.Name, $"hears news of {from.Node.Name}");
                            to.Node.Reach(() => to.Sink!.NewsReceived(copy));
                        }
                    });
                }
            }
        });
        return true;
    }

    private void Arrive(SimulatedBus from, BusAddress to, SendId id, byte[] batch, bool confirm)
    {
        if (!_queues.TryGetValue(to, out var receiver))
        {
            Agenda.Note(from.Node.Name, $"gets back what it sent to {to}");
            Return(from, () => from.Sink!.Returned(to, id));
            if (confirm)
            {
                Return(from, () => from.Sink!.Confirmed(id, accepted: true));
            }

            return;
        }

        var isTaken = !Cuts.Contains((from.Node.Slot, receiver.Node.Slot)) && receiver.WaitingBytes + batch.Length <= QueueBytes;
        if (confirm)
        {
            Return(from, () => from.Sink!.Confirmed(id, isTaken));
        }

        if (isTaken)
        {
            cluster.Tap(from.Node, batch);
            receiver.WaitingBytes += batch.Length;
            if (!Deaf.Contains(receiver.Node.Slot))
            {
                Deliver(receiver, () =>
                {
                    receiver.WaitingBytes -= batch.Length;
                    receiver.Sink!.Received(batch);
                });
            }
        }
    }

    private bool Gets(SimulatedBus from, SimulatedBus to) =>
        !Mute.Contains(from.Node.Slot) && !Deaf.Contains(to.Node.Slot) && !Cuts.Contains((from.Node.Slot, to.Node.Slot));

    /// <summary>From a node to the exchange.</summary>
    private void Publish(SimulatedBus from, Action arrives)
    {
        var connection = from.Connection;
        from.LastPublishedAt = Math.Max(Agenda.Now + Agenda.DrawDelay(0.4), from.LastPublishedAt + 1);
        Agenda.At(from.LastPublishedAt, () =>
        {
            if (from.Connection == connection && !Mute.Contains(from.Node.Slot))
            {
                arrives();
            }
        });
    }

    /// <summary>From a node's queue to the node.</summary>
    private void Deliver(SimulatedBus to, Action delivers)
    {
        var connection = to.Connection;
        to.LastDeliveredAt = Math.Max(Agenda.Now + Agenda.DrawDelay(0.4), to.LastDeliveredAt + 1);
        Agenda.At(to.LastDeliveredAt, () =>
        {
            if (to.Connection == connection)
            {
                Agenda.Note(to.Node.Name, "is delivered to");
                to.Node.Reach(delivers);
            }
        });
    }

    /// <summary>What the exchange says to a node about what it published.</summary>
    private void Return(SimulatedBus to, Action tells)
    {
        var connection = to.Connection;
        to.LastReturnedAt = Math.Max(Agenda.Now + Agenda.DrawDelay(0.4), to.LastReturnedAt + 1);
        Agenda.At(to.LastReturnedAt, () =>
        {
            if (to.Connection == connection)
            {
                to.Node.Reach(tells);
            }
        });
    }
}
