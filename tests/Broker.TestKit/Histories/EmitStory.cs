namespace Broker.TestKit.Histories;

/// <summary>All attempts at one emit, and what they were told.</summary>
internal sealed class EmitStory(string channel, string name)
{
    public string Channel => channel;

    public string Event => name;

    public List<(int Index, HistoryRecord.Emitting Record)> Attempts { get; } = [];

    public List<HistoryRecord.Acknowledged> Acknowledged { get; } = [];

    /// <summary>Where it was acknowledged first; -1 when it was not.</summary>
    public int AcknowledgedIndex { get; private set; } = -1;

    /// <summary>Where it was first tried; -1 when that was not seen.</summary>
    public int FirstIndex => Attempts.Count > 0 ? Attempts[0].Index : -1;

    public void Add(int index, HistoryRecord.Emitting emitting) => Attempts.Add((index, emitting));

    public void Add(int index, HistoryRecord.Acknowledged acknowledged)
    {
        Acknowledged.Add(acknowledged);
        AcknowledgedIndex = AcknowledgedIndex < 0 ? index : AcknowledgedIndex;
    }
}
