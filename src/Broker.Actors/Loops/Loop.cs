using System.Globalization;
using System.Runtime.CompilerServices;
using Broker.Actors.Metrics;
using Microsoft.Extensions.Logging;

namespace Broker.Actors.Loops;

/// <summary>
/// A thread with an inbox, to which sessions, rooms and shards are pinned. One tick: read every ready socket, handle
/// every message, then the phases of <see cref="LoopPhase"/>. Nothing on it waits.
/// </summary>
public sealed partial class Loop : IDisposable
{
    /// <summary>Rounds of follow-up work in one tick before sockets are looked at again.</summary>
    private const int MaxRounds = 8;

    private readonly Inbox _inbox = new();
    private readonly ILoopPoller _poller;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly List<IDeferred>[] _phases = [[], [], [], []];
    private readonly List<IDeferred> _nextTick = [];
    private List<IDeferred> _running = [];
    private readonly long _startedAt;
    [ThreadStatic]
    private static Loop? t_current;

    private Thread? _thread;
    private int _asleep;
    private long _tickStartedAt;
    private volatile bool _stopping;

    /// <param name="name">What metrics and the thread call it; null for its index.</param>
    public Loop(int index, ILoopPoller poller, TimeProvider time, ILogger logger, string? name = null)
    {
        Index = index;
        Name = name ?? index.ToString(CultureInfo.InvariantCulture);
        _poller = poller;
        _time = time;
        _logger = logger;
        _startedAt = time.GetTimestamp();
        Tally = new LoopTally(time.TimestampFrequency);
        Wheel = new TimerWheel(0, (timer, fault) => Report(timer, message: null, fault));
        ReadClock();
    }

    public int Index { get; }

    public string Name { get; }

    /// <summary>Milliseconds since the loop was made, monotonic, as of this tick.</summary>
    public long NowMs { get; private set; }

    /// <summary>Milliseconds since 1970, as of this tick.</summary>
    public long UnixMs { get; private set; }

    /// <summary>Timers of this loop, in steps of <see cref="TimerWheel.StepMs"/>.</summary>
    public TimerWheel Wheel { get; }

    /// <summary>Bytes that go out in this tick.</summary>
    public LoopLog Log { get; } = new();

    /// <summary>A buffer for whoever writes something short on this loop; clear it before use, keep nothing of it.</summary>
    public PayloadWriter Scratch { get; } = new();

    /// <summary>True on the loop's own thread; on a thread that turns several loops by hand, true of the one it turned last.</summary>
    public bool IsCurrent => t_current == this;

    /// <summary>Ticks that had work, since the start: shows in tests and metrics that a loop is alive.</summary>
    public long Ticks { get; private set; }

    /// <summary>Microseconds spent working rather than waiting, since the start.</summary>
    public long BusyMicroseconds { get; private set; }

    /// <summary>What happens on this loop, counted.</summary>
    public LoopTally Tally { get; }

    /// <summary>When this tick began, by <see cref="TimeProvider.GetTimestamp"/> of the loops' clock: the moment that what is read in it came.</summary>
    public long TickAt { get; private set; }

    /// <summary>How long the present tick has lasted; zero while the loop waits. Grows while something holds the loop.</summary>
    public TimeSpan TickAge =>
        Volatile.Read(ref _tickStartedAt) is not 0 and var startedAt ? _time.GetElapsedTime(startedAt) : TimeSpan.Zero;

    /// <summary>Messages that wait for the loop.</summary>
    public int InboxCount => _inbox.Count;

    public void Start()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = $"loop-{Name}" };
        _thread.Start();
    }

    /// <summary>Asks the loop to end after its current tick and waits for it, 5 s at most.</summary>
    public void Stop()
    {
        _stopping = true;
        _poller.Wake();
        if (Thread.CurrentThread != _thread)
        {
            _thread?.Join(TimeSpan.FromSeconds(5));
        }
    }

    public void Post(Actor to, object message)
    {
        // The exchange is also the fence between the message and the look at the loop's sleep.
        if (_inbox.Put(to, message) && Interlocked.Exchange(ref _asleep, 0) != 0)
        {
            _poller.Wake();
        }
    }

    /// <summary>What has come in is enough for one tick: sockets are read on in the next one, when this has been sent.</summary>
    public void EndReading() => _poller.EndReading();

    /// <summary>Has <paramref name="work"/> run in a phase of this tick. The caller sees to it that it asks once.</summary>
    public void Defer(LoopPhase phase, IDeferred work) => _phases[(int)phase].Add(work);

    /// <summary>Has <paramref name="work"/> run in the Rooms phase of the next tick, after sockets have been looked at.</summary>
    public void DeferToNextTick(IDeferred work) => _nextTick.Add(work);

    /// <summary>
    /// One tick, waiting at most <paramref name="timeoutMs"/> for something to do. True when there was work. The thread
    /// that calls it is the loop's thread from then on: tests turn loops by hand.
    /// </summary>
    public bool Turn(int timeoutMs)
    {
        t_current = this;
        if (timeoutMs != 0)
        {
            Interlocked.Exchange(ref _asleep, 1);
            if (!_inbox.IsEmpty || HasDeferred)
            {
                timeoutMs = 0;
            }
        }

        _phases[(int)LoopPhase.Rooms].AddRange(_nextTick);
        _nextTick.Clear();
        _poller.Poll(timeoutMs);
        Volatile.Write(ref _asleep, 0);
        ReadClock();
        TickAt = _time.GetTimestamp();
        Volatile.Write(ref _tickStartedAt, TickAt);
        _poller.Dispatch();
        var worked = Wheel.Advance(NowMs);
        for (var round = 0; round < MaxRounds && (Drain() | RunPhases()); round++)
        {
            worked = true;
        }

        while (RunPhase(LoopPhase.Rooms) | RunPhase(LoopPhase.Flush))
        {
            // What lies in the log goes out before its bytes end, and what a flush itself caused (a close, say).
        }

        Log.EndTick();
        Ticks++;
        var endedAt = _time.GetTimestamp();
        BusyMicroseconds += (long)_time.GetElapsedTime(TickAt, endedAt).TotalMicroseconds;
        Tally.EndTick(TickAt, endedAt);
        Volatile.Write(ref _tickStartedAt, 0);
        return worked;
    }

    public void Dispose()
    {
        Stop();
        _poller.Dispose();
    }

    /// <summary>Logs a bug in <paramref name="subject"/> that was caught at an edge, with what it was handling.</summary>
    public void Report(object subject, object? message, Exception fault) =>
        LogFault(fault, Index, subject.GetType().Name, message?.GetType().Name ?? "-");

    /// <summary>True when the next tick has something to do besides timers and sockets; for who turns loops by hand.</summary>
    internal bool HasWork => !_inbox.IsEmpty || HasDeferred;

    private bool HasDeferred => _phases[0].Count + _phases[1].Count + _phases[2].Count + _phases[3].Count + _nextTick.Count > 0;

    private void Run()
    {
        t_current = this;
        while (!_stopping)
        {
            try
            {
                ReadClock();   // what the tick before took is not waited for again
                Turn(Wheel.NextDelayMs(NowMs));
            }
#pragma warning disable CA1031 // The edge of the loop: it must not end while the node lives.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                Report(this, message: null, fault);
            }
        }
    }

    private bool Drain()
    {
        var letters = _inbox.TakeAll();
        foreach (ref readonly var letter in letters)
        {
            letter.To.Deliver(letter.Message);
        }

        letters.Clear();
        return letters.Length > 0;
    }

    private bool RunPhases() =>
        RunPhase(LoopPhase.Drained) | RunPhase(LoopPhase.Rooms) | RunPhase(LoopPhase.Answers);

    private bool RunPhase(LoopPhase phase)
    {
        var works = _phases[(int)phase];
        if (works.Count == 0)
        {
            return false;
        }

        // Work deferred while the phase runs belongs to its next run.
        _phases[(int)phase] = _running;
        foreach (var work in works)
        {
            try
            {
                work.Run();
            }
#pragma warning disable CA1031 // As in Actor.Deliver.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                Report(work, message: null, fault);
            }
        }

        works.Clear();
        _running = works;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ReadClock()
    {
        NowMs = (long)_time.GetElapsedTime(_startedAt).TotalMilliseconds;
        UnixMs = _time.GetUtcNow().ToUnixTimeMilliseconds();
    }

    [LoggerMessage(EventId = 1001, Level = LogLevel.Error, Message = "Loop {Loop}: {Subject} failed while handling {Input}")]
    private partial void LogFault(Exception fault, int loop, string subject, string input);
}
