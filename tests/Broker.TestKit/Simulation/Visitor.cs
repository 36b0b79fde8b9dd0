using Broker.Messages;

namespace Broker.TestKit.Simulation;

/// <summary>
/// Is present in a channel as a user. A resident stays and is back soon when it loses its connection; others come and go:
/// by a word, by a close, by a lost connection, some to be back within the grace.
/// </summary>
internal sealed class Visitor(SimulatedCluster cluster, string name, string channel, string user, bool isResident) : SimulatedClient(cluster, name)
{
    private bool _isEntered;

    public void Begin() => ConnectLater(0, 800);

    /// <summary>From here on it neither comes nor goes, unless it is in the middle of it.</summary>
    public void Rest() => IsResting = !isResident;

    protected override void Arrived()
    {
        _isEntered = false;
        Enter();
        LookLater();
    }

    protected override void Left()
    {
        if (isResident)
        {
            ConnectLater(5, 300);
        }
        else if (Agenda.Chance(0.5))
        {
            ConnectLater(20, 1_200);   // within the grace, if it was lost
        }
        else
        {
            ConnectLater(4_000, 7_000);
        }
    }

    protected override void SubscribeAnswered(string channel, Refusal refusal)
    {
        _isEntered = refusal == Refusal.None;
        if (!_isEntered)
        {
            var node = Node;
            Agenda.After(Agenda.Draw(50, 300), () =>
            {
                if (Node == node && node is not null && !IsResting)
                {
                    Enter();
                }
            });
        }
    }

    private void Enter() => Subscribe(channel, goesOn: true, user);

    private void LookLater() => Agenda.After(Agenda.Draw(500, 4_000), () =>
    {
        if (!IsConnected)
        {
            return;
        }

        if (Node?.State == SimulatedNodeState.Frozen)
        {
            if (Agenda.Chance(0.3))
            {
                Leave(clean: false);
                return;
            }
        }
        else if (!isResident && !IsResting && _isEntered)
        {
            Leave(clean: Agenda.Chance(0.4));
            return;
        }

        LookLater();
    });
}
