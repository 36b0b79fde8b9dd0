using Broker.Actors.Loops;

namespace Broker.Actors.Sessions;

/// <summary>Asks a silent client for a sign of life, and closes the connection of one that gives none.</summary>
internal sealed class IdleTimer(SessionActor session, ITransport transport, SessionLimits limits) : WheelTimer
{
    private long _pingedAtMs = -1;

    public void Start() => transport.Loop.Wheel.Set(this, transport.Loop.NowMs, limits.PingAfterMs);

    public void Stop() => transport.Loop.Wheel.Cancel(this);

    protected internal override void Fire()
    {
        var now = transport.Loop.NowMs;
        var heard = transport.LastHeardMs;
        if (_pingedAtMs >= 0 && heard < _pingedAtMs)
        {
            session.Close(Disconnect.NoPong);
            return;
        }

        _pingedAtMs = -1;
        var silent = now - heard;
        if (silent < limits.PingAfterMs)
        {
            transport.Loop.Wheel.Set(this, now, limits.PingAfterMs - silent);
            return;
        }

        transport.Ping();
        _pingedAtMs = now;
        transport.Loop.Wheel.Set(this, now, limits.PongWithinMs);
    }
}
