using Broker.Actors;
using Broker.Actors.Loops;
using Broker.Actors.Sessions;

namespace Broker.Transport.Connections;

// When nothing is read from the client, and why.
internal sealed partial class WebSocketConnection
{
    /// <summary>How much more is read in one go from a client to which less than this part of it comes back.</summary>
    private const int OneWayBursts = 4;

    private RateTimer? _rateTimer;
    private RateMeter _frames;
    private RateMeter _bytes;
    private Pauses _pauses;
    private int _burst;   // bytes of messages since the last flush
    private int _back;    // bytes that it was sent meanwhile
    private bool _isOneWay;

    /// <summary>Why nothing is read. The client feels each as a slow connection, and none is its silence.</summary>
    [Flags]
    private enum Pauses : byte
    {
        None = 0,

        /// <summary>The session asked for it.</summary>
        Session = 1,

        /// <summary>It sent so much in this tick that what comes of it shall go out first.</summary>
        Burst = 2,

        /// <summary>What waits for it is over the mark.</summary>
        Outbox = 4,

        /// <summary>It sends faster than it may.</summary>
        Rate = 8,
    }

    // Only one that takes no answers is silent while nothing is read from it; and of that one, each byte it takes is a sign of life.
    public long LastHeardMs => (_pauses & ~Pauses.Outbox) == Pauses.None ? _lastHeardMs : Loop.NowMs;

    /// <summary>What waits for a client that is over the mark must go before more is read from it.</summary>
    private void WeighOutbox(long before)
    {
        var queued = _outbox.QueuedBytes;
        if ((_pauses & Pauses.Outbox) == Pauses.None)
        {
            if (queued > Options.PauseAtBytes)
            {
                _reception.Gate.Met(Limit.Answers);
                Pause(Pauses.Outbox);
            }

            return;
        }

        if (queued < before)
        {
            _lastHeardMs = Loop.NowMs;
        }

        if (queued <= Options.PauseAtBytes / 2)
        {
            Resume(Pauses.Outbox);
        }
    }

    /// <summary>So that a client which reads is never closed for what it asked in one go.</summary>
    private void LetAnswersGo()
    {
        if (_outbox.QueuedBytes > Options.PauseAtBytes)
        {
            Flush();
        }

        if (_burst > (_isOneWay ? OneWayBursts * Options.PauseAtBytes : Options.PauseAtBytes))
        {
            Pause(Pauses.Burst);
            FlushInThisTick();
        }
    }

    /// <summary>Little came back of one that publishes to others: more of it at a time makes fewer and larger sends to those.</summary>
    private void EndBurst()
    {
        if (_burst > Options.PauseAtBytes)
        {
            _isOneWay = _back < _burst / OneWayBursts;
        }

        (_burst, _back) = (0, 0);
    }

    private void Spend(ref RateMeter meter, int amount, int perSecond, Limit limit)
    {
        if (perSecond > 0 && amount > 0 && _stage == Stage.Open && meter.Spend(amount, perSecond, Loop.NowMs) is > 0 and var waitMs)
        {
            if ((_pauses & Pauses.Rate) == Pauses.None)
            {
                _reception.Gate.Met(limit);
            }

            Pause(Pauses.Rate);
            Loop.Wheel.Set(_rateTimer ??= new RateTimer(this), Loop.NowMs, waitMs);
        }
    }

    private void Pause(Pauses why)
    {
        if (_stage != Stage.Open)
        {
            return;
        }

        if (_pauses == Pauses.None)
        {
            _link.PauseReading();
        }

        _pauses |= why;
    }

    private void Resume(Pauses why)
    {
        if ((_pauses & why) == Pauses.None)
        {
            return;
        }

        _pauses &= ~why;
        _lastHeardMs = Loop.NowMs;   // its silence begins anew
        if (_pauses != Pauses.None)
        {
            return;
        }

        if (_held is not null)
        {
            RunLater();
        }
        else if (_stage != Stage.Gone)
        {
            _link.ResumeReading();
        }
    }

    private sealed class RateTimer(WebSocketConnection connection) : WheelTimer
    {
        protected override void Fire() => connection.Resume(Pauses.Rate);
    }
}
