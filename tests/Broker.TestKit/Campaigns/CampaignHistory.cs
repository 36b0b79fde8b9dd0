using System.Diagnostics;
using Broker.TestKit.Histories;

namespace Broker.TestKit.Campaigns;

/// <summary>What everybody did and saw in an episode, in the order in which it was written down. For any thread.</summary>
internal sealed class CampaignHistory
{
    private readonly Lock _gate = new();
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly List<HistoryRecord> _records = [];
    private bool _isOver;

    public long NowMs => (long)Stopwatch.GetElapsedTime(_began).TotalMilliseconds;

    public IReadOnlyList<HistoryRecord> Records
    {
        get
        {
            lock (_gate)
            {
                return [.. _records];
            }
        }
    }

    /// <param name="record">Made with the time at which it is written down.</param>
    public void Add(Func<long, HistoryRecord> record)
    {
        lock (_gate)
        {
            if (!_isOver)
            {
                _records.Add(record(NowMs));
                _isOver = _records[^1] is HistoryRecord.Ended;
            }
        }
    }
}
