namespace Broker.Actors.Metrics;

/// <summary>
/// Durations that end with the loop's tick, when what was gathered in it has gone to the sockets. What began in one tick
/// is kept as one entry with a count, so that an event costs an addition and no look at the clock.
/// </summary>
internal sealed class TickDurations(DurationHistogram histogram)
{
    private (long At, long Count)[] _begun = new (long, long)[16];
    private int _used;

    /// <param name="at">When it began, by the clock of the loops; 0 where nobody knows, which is not counted.</param>
    public void Begun(long at)
    {
        if (_used > 0 && _begun[_used - 1].At == at)
        {
            _begun[_used - 1].Count++;
        }
        else if (at != 0)
        {
            Add(at);
        }
    }

    public void EndTick(long now)
    {
        for (var i = 0; i < _used; i++)
        {
            histogram.Record(now - _begun[i].At, _begun[i].Count);
        }

        _used = 0;
    }

    private void Add(long at)
    {
        if (_used == _begun.Length)
        {
            Array.Resize(ref _begun, _used * 2);
        }

        _begun[_used++] = (at, 1);
    }
}
