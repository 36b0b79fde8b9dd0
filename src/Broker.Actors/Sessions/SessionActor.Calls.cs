using Broker.Actors.Rooms;

namespace Broker.Actors.Sessions;

// The calls that wait for their answers: while there are many nothing more is read, and whoever is asked to leave goes when there are none.
public sealed partial class SessionActor
{
    private Disconnect? _leaving;
    private bool _isHeld;
    private int _owed;

    public void HoldReading(bool hold)
    {
        if (hold == _isHeld)
        {
            return;
        }

        _isHeld = hold;
        if (hold)
        {
            _transport.PauseReading();
        }
        else
        {
            Resume();
        }
    }

    public void BeginCall() => Owe(this, weight: 1);

    public void EndCall() => Answered(weight: 1);

    /// <summary>Takes no more requests, and closes once those that it has taken are answered.</summary>
    internal void Leave(Disconnect reason)
    {
        if (IsClosing)
        {
            return;
        }

        var isFirst = _leaving is null;
        _leaving = reason;
        _transport.PauseReading();
        if (isFirst)
        {
            TellDialect(session => session.Leaving());
        }

        CloseIfDone();
    }

    /// <summary>What comes back may be a whole window.</summary>
    private int Weight(Subscription subscription) => subscription.Recovers ? _node.SessionLimits.CallsUnderWay : 1;

    /// <summary>A call was taken. When many wait for their answers, no more are read, so that the answers find room.</summary>
    private void Owe(object? call, int weight)
    {
        if (call is null)
        {
            return;
        }

        var limit = _node.SessionLimits.CallsUnderWay;
        var before = _owed;
        _owed += weight;
        if (_owed >= limit && before < limit)
        {
            Met(Limit.Answers);
            _transport.PauseReading();
        }
    }

    private void Answered(int weight)
    {
        var before = _owed;
        _owed -= weight;
        var enough = _node.SessionLimits.CallsUnderWay / 2;
        if (before > enough && _owed <= enough)
        {
            Resume();
        }

        CloseIfDone();
    }

    /// <summary>Reads on, unless something else keeps the session from it.</summary>
    private void Resume()
    {
        if (!IsClosing && _leaving is null && !_isHeld && _owed < _node.SessionLimits.CallsUnderWay && _parked is not { Count: > 0 })
        {
            _transport.ResumeReading();
        }
    }

    private void CloseIfDone()
    {
        if (_leaving is not null && _owed == 0)
        {
            Close(_leaving);
        }
    }
}
