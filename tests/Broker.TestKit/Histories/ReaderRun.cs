using Broker.Messages;

namespace Broker.TestKit.Histories;

/// <summary>What one client received of one channel without a break: while it stayed, and over each recovery.</summary>
internal sealed class ReaderRun(string client, string channel, int startIndex, Position start)
{
    public string Client => client;

    public string Channel => channel;

    /// <summary>The record from which on everything should come.</summary>
    public int StartIndex => startIndex;

    public Position Start { get; } = start;

    public Position Last { get; set; } = start;

    public List<HistoryRecord.Received> Received { get; } = [];

    /// <summary>The last recovery that it went through; null for none.</summary>
    public HistoryRecord.Subscribed? Recovery { get; set; }

    /// <summary>Where it ended.</summary>
    public int EndIndex { get; set; }

    public RunEnd End { get; set; }

    /// <summary>What ended it, where that was a break.</summary>
    public HistoryRecord? Break { get; set; }
}
