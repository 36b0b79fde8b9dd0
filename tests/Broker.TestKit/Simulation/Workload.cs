using System.Globalization;

namespace Broker.TestKit.Simulation;

/// <summary>Everybody who uses a simulated cluster.</summary>
internal sealed class Workload
{
    private static readonly string[] Channels = ["hist0", "hist1", "hist2", "short0", "live0", "live1", "room0", "room1"];
    private static readonly string[] Rooms = ["room0", "room1"];

    private readonly SimulatedCluster _cluster;
    private readonly List<Writer> _writers = [];
    private readonly List<Reader> _readers = [];
    private readonly List<Visitor> _visitors = [];
    private readonly List<Auditor> _auditors = [];

    /// <param name="meanMs">Between two emits of one writer.</param>
    public Workload(SimulatedCluster cluster, double meanMs)
    {
        _cluster = cluster;
        var agenda = cluster.Agenda;
        for (var i = 0; i < 3; i++)
        {
            _writers.Add(new Writer(cluster, Name("w", i), Channels, meanMs));
        }

        for (var i = 0; i < 6; i++)
        {
            string[] channels = [.. Channels.Where(_ => agenda.Chance(0.45)), Channels[i]];
            _readers.Add(new Reader(cluster, Name("r", i), [.. channels.Distinct(StringComparer.Ordinal)], wanders: i % 3 == 2));
        }

        for (var i = 0; i < 6; i++)
        {
            // Two of the six are one user with two connections.
            var user = i == 5 ? "u4" : Name("u", i);
            _visitors.Add(new Visitor(cluster, Name("v", i), Rooms[i % 2 == 0 || i >= 4 ? 0 : 1], user, isResident: i < 2));
        }

        cluster.Ended = NodeEnded;
    }

    public IReadOnlyList<Writer> Writers => _writers;

    private IEnumerable<SimulatedClient> Clients => [.. _writers, .. _readers, .. _visitors, .. _auditors];

    public void Begin()
    {
        _writers.ForEach(writer => writer.Begin());
        _readers.ForEach(reader => reader.Begin());
        _visitors.ForEach(visitor => visitor.Begin());
    }

    /// <summary>Nobody comes or goes any more.</summary>
    public void Rest() => _visitors.ForEach(visitor => visitor.Rest());

    /// <summary>Writers finish, readers stay where they are, and an auditor goes to each node.</summary>
    public void Finish()
    {
        _writers.ForEach(writer => writer.IsDone = true);
        foreach (var node in _cluster.Running)
        {
            var auditor = new Auditor(_cluster, Name("a", node.Slot), Channels);
            _auditors.Add(auditor);
            auditor.Connect(node);
        }
    }

    public void EmitIntoAll() => _auditors.ForEach(auditor => auditor.EmitIntoAll());

    public void AskAll() => _auditors.ForEach(auditor => auditor.AskAll());

    /// <summary>Readers stop moving: from here on everybody who follows a channel stays.</summary>
    public void Stay() => _readers.ForEach(reader => reader.Stays = true);

    private void NodeEnded(SimulatedNode node)
    {
        foreach (var client in Clients)
        {
            client.NodeEnded(node);
        }
    }

    private static string Name(string kind, int number) => string.Create(CultureInfo.InvariantCulture, $"{kind}{number}");
}
