using Broker.Messages;

namespace Broker.TestKit.Histories;

/// <summary>A history with what several checks want to know of it.</summary>
internal sealed class HistoryIndex
{
    private readonly Dictionary<int, List<int>> _lostAt = [];

    public HistoryIndex(IReadOnlyList<HistoryRecord> records, HistoryRules rules)
    {
        Records = records;
        Rules = rules;
        var runs = new RunReader(this);
        var holders = new Dictionary<int, IReadOnlyList<string>>();
        var dead = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < records.Count; i++)
        {
            runs.Read(i, records[i]);
            switch (records[i])
            {
                case HistoryRecord.Emitting emitting: EmitOf(emitting.Channel, emitting.Event).Add(i, emitting); break;
                case HistoryRecord.Acknowledged acknowledged: EmitOf(acknowledged.Channel, acknowledged.Event).Add(i, acknowledged); break;
                case HistoryRecord.FaultsEnded ended: FaultsEndedAtMs = ended.AtMs; break;
                case HistoryRecord.Ended: HasEnded = true; break;
                case HistoryRecord.HoldersSet set: holders[set.Shard] = set.Nodes; NoteLost(i, holders, dead); break;
                case HistoryRecord.Killed killed: dead.Add(killed.Node); NoteLost(i, holders, dead); break;
                case HistoryRecord.TakenForDead taken: dead.Add(taken.Node); NoteLost(i, holders, dead); break;
                case HistoryRecord.FoundAlive alive: dead.Remove(alive.Node); break;
            }
        }

        runs.End(records.Count);
        Runs = runs.Runs;
        RunViolations = runs.Violations;
    }

    public IReadOnlyList<HistoryRecord> Records { get; }

    public HistoryRules Rules { get; }

    /// <summary>Emits by channel and event.</summary>
    public Dictionary<(string Channel, string Event), EmitStory> Emits { get; } = [];

    public IReadOnlyList<ReaderRun> Runs { get; }

    /// <summary>What was found wrong while runs were read.</summary>
    public IReadOnlyList<Violation> RunViolations { get; }

    /// <summary>Null where faults never end.</summary>
    public long? FaultsEndedAtMs { get; private set; }

    public bool HasEnded { get; private set; }

    public ChannelClass ClassOf(string channel) => Rules.ClassOf(channel);

    /// <summary>True when, after a record, all holders of the channel's shard were dead at once, or looked so to the others: what it held may be lost.</summary>
    public bool WereAllHoldersLostAfter(string channel, int index) =>
        Rules.ShardOf is { } shardOf && _lostAt.TryGetValue(shardOf(channel), out var lost) && lost.Exists(at => at > index);

    /// <summary>True when that has happened at any time up to a record.</summary>
    public bool WereAllHoldersLostBefore(string channel, int index) =>
        Rules.ShardOf is { } shardOf && _lostAt.TryGetValue(shardOf(channel), out var lost) && lost.Exists(at => at < index);

    /// <summary>The event that was acknowledged at a place; null for none.</summary>
    public EmitStory? AcknowledgedAt(string channel, Position at) =>
        Emits.Values.FirstOrDefault(emit => emit.Channel == channel && emit.Acknowledged.Exists(acknowledged => acknowledged.At == at));

    private EmitStory EmitOf(string channel, string name)
    {
        if (!Emits.TryGetValue((channel, name), out var emit))
        {
            Emits.Add((channel, name), emit = new EmitStory(channel, name));
        }

        return emit;
    }

    private void NoteLost(int index, Dictionary<int, IReadOnlyList<string>> holders, HashSet<string> dead)
    {
        foreach (var (shard, nodes) in holders)
        {
            if (nodes.Count > 0 && nodes.All(dead.Contains))
            {
                if (!_lostAt.TryGetValue(shard, out var lost))
                {
                    _lostAt.Add(shard, lost = []);
                }

                lost.Add(index);
            }
        }
    }
}
