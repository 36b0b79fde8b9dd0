namespace Broker.TestKit.Histories;

/// <summary>Every emit is answered, no node has a bug, and when nothing is broken any more everything works.</summary>
internal sealed class WholenessCheck : IHistoryCheck
{
    public void Check(HistoryIndex history, List<Violation> violations)
    {
        var open = new Dictionary<(string Client, string Event), HistoryRecord.Emitting>();
        var asked = new Dictionary<(string Client, string Channel), HistoryRecord.Subscribing>();
        foreach (var record in history.Records)
        {
            switch (record)
            {
                case HistoryRecord.Faulted faulted: violations.Add(new Violation(Invariant.Whole, "A node met a bug", [faulted])); break;
                case HistoryRecord.Emitting emitting: open[(emitting.Client, emitting.Event)] = emitting; break;
                case HistoryRecord.Subscribing subscribing: asked[(subscribing.Client, subscribing.Channel)] = subscribing; break;
                case HistoryRecord.Subscribed subscribed: asked.Remove((subscribed.Client, subscribed.Channel)); break;
                case HistoryRecord.Acknowledged acknowledged: Answered(acknowledged.Client, acknowledged.Event, acknowledged, isTaken: true); break;
                case HistoryRecord.Refused refused: Answered(refused.Client, refused.Event, refused, isTaken: false); break;
                case HistoryRecord.Disconnected gone: Forget(open, asked, gone.Client); break;
                case HistoryRecord.Ended:
                    violations.AddRange(open.Values.Select(emit => new Violation(Invariant.Whole, "An emit was never answered", [emit])));
                    violations.AddRange(asked.Values.Select(ask => new Violation(Invariant.Whole, "A subscribe was never answered", [ask])));
                    return;
            }
        }

        void Answered(string client, string name, HistoryRecord answer, bool isTaken)
        {
            if (!open.Remove((client, name), out var emit)
                || history.FaultsEndedAtMs is not { } endedAtMs
                || emit.AtMs < endedAtMs + history.Rules.MembersSettleMs)
            {
                return;
            }

            if (!isTaken || answer.AtMs - emit.AtMs > history.Rules.AnswerMs)
            {
                violations.Add(new Violation(Invariant.Whole, "Nothing was broken any more, and an emit was refused or answered late", [emit, answer]));
            }
        }
    }

    private static void Forget(
        Dictionary<(string Client, string Event), HistoryRecord.Emitting> open,
        Dictionary<(string Client, string Channel), HistoryRecord.Subscribing> asked,
        string client)
    {
        foreach (var key in open.Keys.Where(key => key.Client == client).ToArray())
        {
            open.Remove(key);
        }

        foreach (var key in asked.Keys.Where(key => key.Client == client).ToArray())
        {
            asked.Remove(key);
        }
    }
}
