using Broker.Actors.Loops;
using Broker.Messages;

namespace Broker.Actors.Sessions;

/// <summary>The end of a session's identity, or of one subscription's proof: told some time before, then carried out. Only what expires has one.</summary>
/// <param name="channel">The subscription's channel; null for the session.</param>
/// <param name="noticeMs">Milliseconds before the end to tell it; where less is left, it is not told.</param>
internal sealed class ExpiryTimer(SessionActor session, ChannelName? channel, long noticeMs) : WheelTimer
{
    private bool _isTold;

    /// <summary>Milliseconds since 1970.</summary>
    public long ExpiresAtMs { get; private set; }

    public void Set(long expiresAtMs)
    {
        ExpiresAtMs = expiresAtMs;
        _isTold = expiresAtMs - session.UnixMs <= noticeMs;
        SetNext();
    }

    public void Stop() => session.Loop.Wheel.Cancel(this);

    protected internal override void Fire()
    {
        if (session.UnixMs >= ExpiresAtMs)
        {
            session.Expire(channel);
            return;
        }

        // Not yet: it is time to tell, or the clock was set back.
        if (!_isTold)
        {
            _isTold = true;
            session.ExpiresSoon(channel, ExpiresAtMs);
        }

        if (!session.IsClosing)
        {
            SetNext();
        }
    }

    private void SetNext() => session.Loop.Wheel.Set(
        this, session.Loop.NowMs, ExpiresAtMs - session.UnixMs - (_isTold ? 0 : noticeMs));
}
