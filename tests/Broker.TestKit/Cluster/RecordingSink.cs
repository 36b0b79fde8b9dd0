using System.Threading.Channels;
using Broker.Actors.Cluster;

namespace Broker.TestKit.Cluster;

/// <summary>A node on a bus that keeps what it is told, for tests to wait for.</summary>
public sealed class RecordingSink : IBusSink
{
    private readonly Channel<string> _told = Channel.CreateUnbounded<string>();
    private int _inside;

    /// <summary>The last address; null while not connected.</summary>
    public BusAddress? Self { get; private set; }

    /// <summary>True when two calls came at a time.</summary>
    public bool HasOverlapped { get; private set; }

    /// <summary>The next thing it was told, as text.</summary>
    public async Task<string> NextAsync() =>
        await _told.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    public void Connected(BusAddress self)
    {
        Self = self;
        Note("connected");
    }

    public void Disconnected()
    {
        Self = null;
        Note("disconnected");
    }

    public void Received(ReadOnlyMemory<byte> batch) => Note("received " + System.Text.Encoding.UTF8.GetString(batch.Span));

    public void NewsReceived(ReadOnlyMemory<byte> news) => Note("news " + System.Text.Encoding.UTF8.GetString(news.Span));

    public void Returned(BusAddress to, SendId id) => Note($"returned {id.Value}");

    public void Confirmed(SendId id, bool accepted) => Note($"confirmed {id.Value} {accepted}");

    private void Note(string what)
    {
        HasOverlapped |= Interlocked.Increment(ref _inside) != 1;
        _told.Writer.TryWrite(what);
        Interlocked.Decrement(ref _inside);
    }
}
