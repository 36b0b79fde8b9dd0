namespace Broker.Client.Tests.Fakes;

/// <summary>Reads a subscription item by item, and never for ever.</summary>
internal sealed class Reading(BrokerSubscription subscription) : IAsyncDisposable
{
    private readonly IAsyncEnumerator<ChannelItem> _items = subscription.GetAsyncEnumerator();

    public async Task<ChannelItem> NextAsync() =>
        await TryNextAsync() ?? throw new InvalidOperationException("The subscription ended.");

    public async Task<T> NextAsync<T>()
        where T : ChannelItem => (await NextAsync()).ShouldBeOfType<T>();

    /// <summary>Null at the end.</summary>
    public async Task<ChannelItem?> TryNextAsync() => await _items.MoveNextAsync().AsTask().WaitAsync(FakeSocket.Patience) ? _items.Current : null;

    /// <summary>The next items are events with these offsets.</summary>
    public async Task EventsAsync(params long[] offsets)
    {
        foreach (var offset in offsets)
        {
            (await NextAsync<ChannelItem.Event>()).Position.Offset.ShouldBe(offset);
        }
    }

    /// <summary>Not the enumerator: after a failure somebody may be reading yet.</summary>
    public ValueTask DisposeAsync() => subscription.DisposeAsync();
}
