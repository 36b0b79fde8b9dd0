using System.Globalization;

namespace Broker.TestKit.Simulation;

/// <summary>
/// What is going to happen, in the order of time; what happens at one time, in the order that the seed says. Everything
/// random comes from here. One thread.
/// </summary>
public sealed class Agenda(int seed)
{
    /// <summary>Agenda time is in <see cref="TimeSpan"/>'s ticks; so many are a millisecond.</summary>
    public const long Ms = TimeSpan.TicksPerMillisecond;

    private readonly PriorityQueue<Action, (long At, int Tie, long Number)> _queue = new();
    private readonly List<string> _trace = [];
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private long _number;

    public int Seed => seed;

    public Random Random { get; } = new(seed);

    /// <summary>Ticks since the beginning.</summary>
    public long Now { get; private set; }

    public long NowMs => Now / Ms;

    /// <summary>Things that have happened.</summary>
    public long Happened { get; private set; }

    /// <summary>True: what happens is kept in words.</summary>
    public bool KeepsTrace { get; init; }

    public IReadOnlyList<string> Trace => _trace;

    public void At(long at, Action happening)
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            throw new InvalidOperationException("Something left the simulation's thread: it would not happen the same way again.");
        }

        _queue.Enqueue(happening, (Math.Max(at, Now), Random.Next(), ++_number));
    }

    public void After(long ticks, Action happening) => At(Now + ticks, happening);

    /// <summary>A time between two, both in milliseconds.</summary>
    public long Draw(double fromMs, double toMs) => Random.NextInt64((long)(fromMs * Ms), (long)(toMs * Ms) + 1);

    /// <summary>Mostly a short time; now and then up to fifty times as long, as networks are.</summary>
    public long DrawDelay(double usualMs) => Chance(0.03) ? Draw(usualMs, usualMs * 50) : Draw(usualMs / 20, usualMs);

    public bool Chance(double probability) => Random.NextDouble() < probability;

    public T Pick<T>(IReadOnlyList<T> among) => among[Random.Next(among.Count)];

    public void Note(string who, string what)
    {
        if (KeepsTrace)
        {
            _trace.Add(string.Create(CultureInfo.InvariantCulture, $"{Now / (double)Ms,12:F4} {who,-8} {what}"));
        }
    }

    /// <summary>Lets everything happen up to a time.</summary>
    public void RunTo(long end)
    {
        while (_queue.TryPeek(out _, out var first) && first.At <= end)
        {
            var happening = _queue.Dequeue();
            Now = first.At;
            Happened++;
            happening();
        }

        Now = end;
    }
}
