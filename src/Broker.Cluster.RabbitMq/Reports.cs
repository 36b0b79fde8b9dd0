using System.Threading.Channels;
using Broker.Actors.Cluster;

namespace Broker.Cluster.RabbitMq;

/// <summary>
/// What RabbitMQ says of sends, on its way to the sink in its order. Put in by the connection's reader, which must not wait
/// for the sink: it reads heartbeats too.
/// </summary>
internal sealed class Reports
{
    /// <summary>Returns beyond it are left out: they are hints, and the next send gives another. Answers are bounded by who asks.</summary>
    private const int MaxReturns = 20_000;

    // Not declared to have a single reader: such a channel does not count what waits.
    private readonly Channel<Report> _waiting = Channel.CreateUnbounded<Report>();

    /// <param name="asked">True: a confirmation follows, and must find it told.</param>
    public void Returned(BusAddress to, SendId id, bool asked)
    {
        if (asked || _waiting.Reader.Count < MaxReturns)
        {
            _waiting.Writer.TryWrite(new Report(to, id, IsAccepted: true));
        }
    }

    public void Confirmed(SendId id, bool accepted) => _waiting.Writer.TryWrite(new Report(null, id, accepted));

    public void Close() => _waiting.Writer.TryComplete();

    /// <summary>Until <see cref="Close"/>.</summary>
    public async Task PassOnAsync(SerialSink sink, object connection)
    {
        await foreach (var report in _waiting.Reader.ReadAllAsync())
        {
            if (report.ReturnedFrom is { } address)
            {
                sink.Returned(connection, address, report.Id);
            }
            else
            {
                sink.Confirmed(connection, report.Id, report.IsAccepted);
            }
        }
    }

    private readonly record struct Report(BusAddress? ReturnedFrom, SendId Id, bool IsAccepted);
}
