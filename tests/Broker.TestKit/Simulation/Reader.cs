using Broker.Messages;

namespace Broker.TestKit.Simulation;

/// <summary>Subscribes to channels and follows them, over one connection after the other, always asking for what it missed.</summary>
/// <param name="wanders">True: it moves from node to node by itself.</param>
internal sealed class Reader(SimulatedCluster cluster, string name, IReadOnlyList<string> channels, bool wanders) : SimulatedClient(cluster, name)
{
    /// <summary>True: it moves no more by itself.</summary>
    public bool Stays { get; set; }

    public void Begin() => ConnectLater(0, 300);

    protected override void Arrived()
    {
        foreach (var channel in channels)
        {
            Subscribe(channel, goesOn: true);
        }

        LookLater();
    }

    protected override void Left() => ConnectLater(5, 600);

    protected override void SubscribeAnswered(string channel, Refusal refusal)
    {
        if (refusal != Refusal.None)
        {
            var node = Node;
            Agenda.After(Agenda.Draw(50, 300), () =>
            {
                if (Node == node && node is not null)
                {
                    Subscribe(channel, goesOn: true);
                }
            });
        }
    }

    private void LookLater() => Agenda.After(Agenda.Draw(400, 3_000), () =>
    {
        var isLeft = Node?.State == SimulatedNodeState.Frozen ? Agenda.Chance(0.3) : wanders && !Stays;
        if (IsConnected && isLeft)
        {
            Leave(clean: Agenda.Chance(0.5));
        }
        else if (IsConnected)
        {
            LookLater();
        }
    });
}
