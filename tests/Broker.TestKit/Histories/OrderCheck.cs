namespace Broker.TestKit.Histories;

/// <summary>
/// I5: what one session emitted into a channel arrives in its order. An emit that was repeated may stand where any of its
/// attempts stood; one that was repeated over another session has no order any more.
/// </summary>
internal sealed class OrderCheck : IHistoryCheck
{
    public void Check(HistoryIndex history, List<Violation> violations)
    {
        var spans = Spans(history);
        var newest = new Dictionary<(string Reader, string Channel, string Session), (int First, HistoryRecord Record)>();
        foreach (var record in history.Records)
        {
            if (record is HistoryRecord.Reset or HistoryRecord.Subscribed { Recovered: false })
            {
                var reader = (HistoryRecord.ClientRecord)record;
                foreach (var key in newest.Keys.Where(key => key.Reader == reader.Client).ToArray())
                {
                    newest.Remove(key);   // told of a break: what is told now may have been told before
                }
            }

            if (record is not HistoryRecord.Received received || !spans.TryGetValue((received.Channel, received.Event), out var span))
            {
                continue;
            }

            var place = (received.Client, received.Channel, span.Session);
            if (!newest.TryGetValue(place, out var before) || before.First < span.First)
            {
                newest[place] = (span.First, record);
            }
            else if (span.Last < before.First)
            {
                violations.Add(new Violation(
                    Invariant.InOrder, $"{received.Event} was emitted before, in one session, and came behind", [before.Record, record]));
            }
        }
    }

    /// <summary>Of every emit of one session: the session, and its first and last attempt.</summary>
    private static Dictionary<(string Channel, string Event), (string Session, int First, int Last)> Spans(HistoryIndex history)
    {
        var connections = new Dictionary<string, int>(StringComparer.Ordinal);
        var spans = new Dictionary<(string Channel, string Event), (string Session, int First, int Last)>();
        var isSpread = new HashSet<(string Channel, string Event)>();
        for (var i = 0; i < history.Records.Count; i++)
        {
            if (history.Records[i] is HistoryRecord.Connected connected)
            {
                connections[connected.Client] = i;
            }
            else if (history.Records[i] is HistoryRecord.Emitting emitting)
            {
                var key = (emitting.Channel, emitting.Event);
                var session = $"{emitting.Client}/{connections.GetValueOrDefault(emitting.Client)}";
                if (!spans.TryGetValue(key, out var known))
                {
                    spans.Add(key, (session, i, i));
                }
                else if (known.Session == session)
                {
                    spans[key] = known with { Last = i };
                }
                else
                {
                    isSpread.Add(key);
                }
            }
        }

        foreach (var key in isSpread)
        {
            spans.Remove(key);
        }

        return spans;
    }
}
