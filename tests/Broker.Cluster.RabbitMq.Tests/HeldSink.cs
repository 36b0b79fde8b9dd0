using Broker.Actors.Cluster;

namespace Broker.Cluster.RabbitMq.Tests;

/// <summary>A node that stands still at the first batch until it is let go; then it passes on what comes.</summary>
internal sealed class HeldSink(IBusSink then) : IBusSink, IDisposable
{
    private readonly ManualResetEventSlim _gate = new();

    public void Release() => _gate.Set();

    public void Connected(BusAddress self) => then.Connected(self);

    public void Disconnected() => then.Disconnected();

    public void Received(ReadOnlyMemory<byte> batch)
    {
        _gate.Wait();
        then.Received(batch[..8]);
    }

    public void NewsReceived(ReadOnlyMemory<byte> news) => then.NewsReceived(news);

    public void Returned(BusAddress to, SendId id) => then.Returned(to, id);

    public void Confirmed(SendId id, bool accepted) => then.Confirmed(id, accepted);

    public void Dispose()
    {
        Release();
        _gate.Dispose();
    }
}
