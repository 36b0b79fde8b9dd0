using System.Threading.Channels;
using Broker.TestKit;

namespace Broker.Client.Tests.Fakes;

/// <summary>A client whose broker, clock and chance are the test's.</summary>
internal sealed class ClientUnderTest : IAsyncDisposable
{
    private readonly Channel<BrokerClientStateChange> _changes = Channel.CreateUnbounded<BrokerClientStateChange>();

    /// <param name="options">Makes the options, by <see cref="Options"/>.</param>
    public ClientUnderTest(Func<ClientUnderTest, BrokerClientOptions>? options = null) =>
        Client = new BrokerClient(options?.Invoke(this) ?? Options(), Connector);

    public FakeConnector Connector { get; } = new();

    public ManualTime Time { get; } = new();

    public BrokerClient Client { get; }

    public BrokerClientOptions Options(
        Action<BrokerClientStateChange>? stateChanged = null,
        string? token = null,
        Func<CancellationToken, ValueTask<string>>? tokenProvider = null,
        string? app = null,
        int queuedRequests = 10_000,
        long queuedBytes = 8 << 20,
        int bufferedItems = 1_000) => new()
        {
            Url = new Uri("ws://broker.test/rpc"),
            App = app,
            Token = token,
            TokenProvider = tokenProvider,
            QueuedRequests = queuedRequests,
            QueuedBytes = queuedBytes,
            BufferedItems = bufferedItems,
            PublishTimeout = TimeSpan.FromMinutes(10),
            RequestTimeout = TimeSpan.FromMinutes(10),
            ConnectTimeout = TimeSpan.FromMinutes(10),
            Time = Time,
            Random = new FixedRandom(0.5),
            StateChanged = stateChanged ?? (change => _changes.Writer.TryWrite(change)),
        };

    /// <summary>The next change to a state; those to others are left out.</summary>
    public async Task<BrokerClientStateChange> UntilAsync(BrokerClientState state)
    {
        using var patience = new CancellationTokenSource(FakeSocket.Patience);
        while (true)
        {
            var change = await _changes.Reader.ReadAsync(patience.Token);
            if (change.State == state)
            {
                return change;
            }
        }
    }

    /// <summary>Waits until the client waits before it connects again, and lets that time pass.</summary>
    public async Task<FakeSocket> ReconnectAsync()
    {
        var waiting = await UntilAsync(BrokerClientState.Waiting);
        Time.Advance(waiting.RetryIn);
        return await Connector.NextAsync();
    }

    /// <summary>Lets time pass until the client has its next connection.</summary>
    public async Task<FakeSocket> AdvanceAsync(TimeSpan time)
    {
        Time.Advance(time);
        return await Connector.NextAsync();
    }

    public ValueTask DisposeAsync() => Client.DisposeAsync();
}
