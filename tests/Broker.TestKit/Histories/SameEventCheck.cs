using Broker.Messages;

namespace Broker.TestKit.Histories;

/// <summary>I2: a place in a stream names one event, whoever tells of it.</summary>
internal sealed class SameEventCheck : IHistoryCheck
{
    public void Check(HistoryIndex history, List<Violation> violations)
    {
        var events = new Dictionary<(string Channel, Position At), (string Event, HistoryRecord Record)>();
        foreach (var record in history.Records)
        {
            switch (record)
            {
                case HistoryRecord.Received received: Note(received.Channel, received.At, received.Event, record); break;
                case HistoryRecord.Ordered ordered: Note(ordered.Channel, ordered.At, ordered.Event, record); break;
                case HistoryRecord.Acknowledged acknowledged: Note(acknowledged.Channel, acknowledged.At, acknowledged.Event, record); break;
                case HistoryRecord.WindowListed listed:
                    for (var i = 0; i < listed.Events.Count; i++)
                    {
                        Note(listed.Channel, listed.Positions[i], listed.Events[i], record);
                    }

                    break;
            }
        }

        void Note(string channel, Position at, string name, HistoryRecord record)
        {
            if (!events.TryAdd((channel, at), (name, record)) && events[(channel, at)].Event != name)
            {
                violations.Add(new Violation(
                    Invariant.SameEvent, $"{at.Epoch}@{at.Offset} of {channel} is {events[(channel, at)].Event} and {name}", [events[(channel, at)].Record, record]));
            }
        }
    }
}
