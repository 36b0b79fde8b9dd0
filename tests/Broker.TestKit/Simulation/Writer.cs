using System.Globalization;
using Broker.Messages;

namespace Broker.TestKit.Simulation;

/// <summary>
/// Emits into channels as it comes. About half of its emits have a key: whatever does not end well is sent again under it,
/// over the next connection if need be. The others are sent once.
/// </summary>
internal sealed class Writer(SimulatedCluster cluster, string name, IReadOnlyList<string> channels, double meanMs) : SimulatedClient(cluster, name)
{
    private const int MaxAttempts = 15;

    private readonly Dictionary<string, Open> _open = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>True: nothing new is emitted; what is open is finished.</summary>
    public bool IsDone { get; set; }

    /// <summary>Bytes that the next emits are larger by.</summary>
    public int Padding { get; set; }

    public void Begin()
    {
        ConnectLater(0, 100);
        EmitLater();
    }

    protected override void Arrived()
    {
        foreach (var open in _open.Values.ToArray())
        {
            TryAgain(open, 1, 20);
        }

        LookLater();
    }

    protected override void Left()
    {
        foreach (var open in _open.Values.Where(open => open.Key is null).ToArray())
        {
            _open.Remove(open.Event);
        }

        ConnectLater(10, 400);
    }

    protected override void Answered(string channel, string name, Refusal refusal)
    {
        if (!_open.TryGetValue(name, out var open))
        {
            return;
        }

        if (refusal == Refusal.None || open.Key is null || open.Attempts >= MaxAttempts)
        {
            _open.Remove(name);
        }
        else
        {
            TryAgain(open, 20, 300);
        }
    }

    private void EmitLater() => Agenda.After(Agenda.Draw(meanMs / 10, meanMs * 2), () =>
    {
        if (IsDone)
        {
            return;
        }

        if (IsConnected)
        {
            var open = new Open(
                Agenda.Pick(channels),
                string.Create(CultureInfo.InvariantCulture, $"{Name}-{++_count}"),
                Agenda.Chance(0.5) ? string.Create(CultureInfo.InvariantCulture, $"k{_count}") : null);
            _open.Add(open.Event, open);
            Send(open);
        }

        EmitLater();
    });

    private void TryAgain(Open open, double fromMs, double toMs) => Agenda.After(Agenda.Draw(fromMs, toMs), () =>
    {
        if (IsConnected && _open.ContainsValue(open))
        {
            Send(open);
        }
    });

    private void Send(Open open)
    {
        open.Attempts++;
        Emit(open.Channel, open.Event, open.Key, Padding);
    }

    /// <summary>A node that says nothing for long is left for another.</summary>
    private void LookLater() => Agenda.After(Agenda.Draw(1_000, 3_000), () =>
    {
        if (Node?.State == SimulatedNodeState.Frozen && Agenda.Chance(0.6))
        {
            Leave(clean: false);
        }
        else if (IsConnected)
        {
            LookLater();
        }
    });

    private sealed class Open(string channel, string name, string? key)
    {
        public string Channel => channel;

        public string Event => name;

        public string? Key => key;

        public int Attempts { get; set; }
    }
}
