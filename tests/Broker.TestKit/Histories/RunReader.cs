using Broker.Messages;

namespace Broker.TestKit.Histories;

/// <summary>Cuts a history into runs, and notes where one breaks without a word.</summary>
internal sealed class RunReader(HistoryIndex history)
{
    private readonly Dictionary<(string Client, string Channel), Reader> _readers = [];

    public List<ReaderRun> Runs { get; } = [];

    public List<Violation> Violations { get; } = [];

    public void Read(int index, HistoryRecord record)
    {
        switch (record)
        {
            case HistoryRecord.Subscribing subscribing: ReaderOf(subscribing.Client, subscribing.Channel).Since = subscribing.Since; break;
            case HistoryRecord.Subscribed subscribed: Subscribed(index, subscribed); break;
            case HistoryRecord.Received received: Received(index, received); break;
            case HistoryRecord.Reset reset: Reset(index, reset); break;
            case HistoryRecord.Unsubscribed unsubscribed: Unsubscribed(index, unsubscribed); break;
            case HistoryRecord.Connected connected: Interrupt(index, connected.Client); break;
            case HistoryRecord.Disconnected disconnected: Interrupt(index, disconnected.Client); break;
        }
    }

    public void End(int count)
    {
        foreach (var reader in _readers.Values)
        {
            if (reader.Run is { } run)
            {
                run.End = reader.IsSubscribed ? RunEnd.Open : RunEnd.Left;
                run.EndIndex = reader.IsSubscribed ? count : reader.InterruptedIndex;
            }
        }
    }

    private void Subscribed(int index, HistoryRecord.Subscribed subscribed)
    {
        var reader = ReaderOf(subscribed.Client, subscribed.Channel);
        var since = reader.Since;
        reader.IsSubscribed = true;
        if (!subscribed.Recovered)
        {
            Close(reader, index, since is null ? RunEnd.Left : RunEnd.Broken, subscribed);
            Begin(reader, subscribed, index, subscribed.At);
            return;
        }

        if (since is not { } from || from.Epoch.Life != subscribed.At.Epoch.Life || from.Offset > subscribed.At.Offset)
        {
            Close(reader, index, RunEnd.Violated, subscribed);
            Begin(reader, subscribed, index, subscribed.At);
            Violations.Add(new Violation(
                Invariant.RecoveredIsComplete, $"{subscribed.Client} recovered from {Text(since)} to {Text(subscribed.At)}, which is no way on", [subscribed]));
            return;
        }

        if (reader.Run is not { } run || run.Last != from)
        {
            Close(reader, index, RunEnd.Left, subscribed);
            Begin(reader, subscribed, index, from);
        }

        reader.Run!.Recovery = subscribed;
    }

    private void Received(int index, HistoryRecord.Received received)
    {
        var reader = ReaderOf(received.Client, received.Channel);
        if (!reader.IsSubscribed || reader.Run is not { } run)
        {
            Violations.Add(new Violation(Invariant.NoSilentGap, $"{received.Client} got an event of a channel that it has not subscribed to", [received]));
            return;
        }

        var isSameLife = received.At.Epoch.Life == run.Last.Epoch.Life;
        var isNext = isSameLife && received.At.Offset == run.Last.Offset + 1;
        var isJump = isSameLife && received.At.Offset > run.Last.Offset && history.ClassOf(received.Channel) == ChannelClass.Live;
        if (isNext || isJump)
        {
            if (received.At.Epoch.Term < run.Last.Epoch.Term)
            {
                Violations.Add(new Violation(
                    Invariant.OneOrderer, $"{received.Client} got an event of a lower term behind {Text(run.Last)}", [.. run.Received.TakeLast(1), received]));
            }
        }
        else
        {
            var isRecovering = run.Recovery is { } recovery && run.Last.Offset < recovery.At.Offset && run.Last.Epoch.Life == recovery.At.Epoch.Life;
            Violations.Add(new Violation(
                isRecovering ? Invariant.RecoveredIsComplete : Invariant.NoSilentGap,
                $"{received.Client} stood at {Text(run.Last)} of {received.Channel} and got {Text(received.At)}",
                [.. run.Received.TakeLast(1), received]));
            Close(reader, index, RunEnd.Violated, received);
            run = Begin(reader, received, index, received.At);
        }

        run.Last = received.At;
        run.Received.Add(received);
    }

    private void Reset(int index, HistoryRecord.Reset reset)
    {
        var reader = ReaderOf(reset.Client, reset.Channel);
        Close(reader, index, RunEnd.Broken, reset);
        Begin(reader, reset, index, reset.At);
    }

    private void Unsubscribed(int index, HistoryRecord.Unsubscribed unsubscribed)
    {
        var reader = ReaderOf(unsubscribed.Client, unsubscribed.Channel);
        reader.IsSubscribed = false;
        Close(reader, index, RunEnd.Left, unsubscribed);
    }

    /// <summary>The run may go on over a recovery.</summary>
    private void Interrupt(int index, string client)
    {
        foreach (var (key, reader) in _readers)
        {
            if (key.Client == client && reader.IsSubscribed)
            {
                reader.IsSubscribed = false;
                reader.InterruptedIndex = index;
            }
        }
    }

    private ReaderRun Begin(Reader reader, HistoryRecord.ClientRecord record, int index, Position at)
    {
        var run = new ReaderRun(record.Client, reader.Channel, index, at);
        Runs.Add(run);
        reader.Run = run;
        return run;
    }

    private static void Close(Reader reader, int index, RunEnd end, HistoryRecord record)
    {
        if (reader.Run is { } run)
        {
            run.End = end;
            run.EndIndex = index;
            run.Break = record;
            reader.Run = null;
        }
    }

    private Reader ReaderOf(string client, string channel)
    {
        if (!_readers.TryGetValue((client, channel), out var reader))
        {
            _readers.Add((client, channel), reader = new Reader(channel));
        }

        return reader;
    }

    private static string Text(Position? position) => position is { } at ? $"{at.Epoch}@{at.Offset}" : "nowhere";

    private sealed class Reader(string channel)
    {
        public string Channel => channel;

        public ReaderRun? Run { get; set; }

        public bool IsSubscribed { get; set; }

        public Position? Since { get; set; }

        public int InterruptedIndex { get; set; }
    }
}
