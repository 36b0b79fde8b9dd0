using Broker.Client.Connections;
using Broker.Client.Protocol;
using Broker.Client.Subscriptions;

namespace Broker.Client;

/// <summary>
/// A channel that is subscribed to, until this is disposed or its enumeration ends. Survives the loss of connections: what was missed meanwhile follows
/// <see cref="ChannelItem.Resumed"/>, or <see cref="ChannelItem.Gap"/> says that it cannot be told. Read by one reader, once; what it throws is in the
/// remarks of <see cref="GetAsyncEnumerator"/>.
/// </summary>
public sealed class BrokerSubscription : IAsyncEnumerable<ChannelItem>, IAsyncDisposable
{
    private readonly SubscriptionRoom _room;
    private readonly BrokerClientOptions _clientOptions;
    private readonly ItemBuffer _items;
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource<ChannelPosition> _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ChannelPosition? _position;
    private int _isRead;

    internal BrokerSubscription(SubscriptionRoom room, string channel, SubscribeOptions options, BrokerClientOptions clientOptions)
    {
        _room = room;
        _clientOptions = clientOptions;
        Channel = channel;
        Options = options;
        _items = new ItemBuffer(options.BufferedItems ?? clientOptions.BufferedItems);
        if (options.Since is { } since)
        {
            _position = since;
            _items.Begin(since);
        }
    }

    /// <summary>Which channel.</summary>
    public string Channel { get; }

    /// <summary>
    /// The last position that has come from the broker; null before the subscription has begun. What the reader has seen is a little behind: keep the
    /// position of the last event that was dealt with, to go on from there after a restart.
    /// </summary>
    public ChannelPosition? Position
    {
        get
        {
            lock (_gate)
            {
                return _position;
            }
        }
    }

    internal SubscribeOptions Options { get; }

    /// <summary>The connection that it is subscribed on. Of the connection's reading alone.</summary>
    internal Connection? JoinedOn { get; private set; }

    /// <summary>How long its token is good.</summary>
    internal TimeSpan? ExpiresIn { get; private set; }

    /// <summary>Ends what is under way for it on the connection; the room's.</summary>
    internal CancellationTokenSource? Scope { get; set; }

    /// <summary>Why it has not begun yet, for whoever waits in vain.</summary>
    internal Exception? LastFailure { get; set; }

    /// <summary>Waits until the broker has taken the subscription for the first time; the position that it began at.</summary>
    /// <exception cref="BrokerTimeoutException">That was not within <see cref="BrokerClientOptions.RequestTimeout"/>. The subscription goes on trying.</exception>
    /// <exception cref="BrokerRefusedException">The broker refused it.</exception>
    /// <exception cref="BrokerClosedException">The client does not come back.</exception>
    /// <exception cref="ObjectDisposedException">The subscription was disposed.</exception>
    public async Task<ChannelPosition> WhenSubscribedAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return await _begun.Task.WaitAsync(_clientOptions.RequestTimeout, _clientOptions.Time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new BrokerTimeoutException($"Not subscribed within {_clientOptions.RequestTimeout}.", mayHaveBeenDone: true, LastFailure);
        }
    }

    /// <summary>Reads what comes. The end of the enumeration, by <c>break</c> or an exception too, ends the subscription.</summary>
    /// <remarks>
    /// Ends in good order when the subscription or the client is disposed. Throws, after what had come before, <see cref="BrokerRefusedException"/> when the
    /// broker refuses the subscription, <see cref="BrokerUnsubscribedException"/> when it ends it, <see cref="BrokerClosedException"/> when the client
    /// does not come back.
    /// </remarks>
    /// <exception cref="InvalidOperationException">It is read already, or was.</exception>
    public IAsyncEnumerator<ChannelItem> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        Interlocked.Exchange(ref _isRead, 1) == 0
            ? ReadAsync(cancellationToken)
            : throw new InvalidOperationException("A subscription is read by one reader, once.");

    /// <summary>Unsubscribes. A reader's enumeration ends, without what waits for it.</summary>
    public ValueTask DisposeAsync()
    {
        _room.Remove(this);
        End(null);
        return ValueTask.CompletedTask;
    }

    /// <summary>The broker answered a subscribe. Called before anything that comes behind the answer.</summary>
    internal void Answered(Connection connection, in NativeFrame frame)
    {
        if (!frame.Error.IsEmpty)
        {
            return;
        }

        var result = frame.ReadResult(ClientJson.Default.Subscribed);
        var now = new ChannelPosition(result.Epoch, result.Offset);
        lock (_gate)
        {
            JoinedOn = connection;
            ExpiresIn = result.ExpiresInMs is { } left ? TimeSpan.FromMilliseconds(left) : null;
            if (_position is not { } since)
            {
                _position = now;
                _items.Begin(now);
            }
            else if (result.Recovered)
            {
                // What was missed brings the position forward.
                _items.Add(new ChannelItem.Resumed(since));
            }
            else
            {
                Break(GapReason.NotRecovered, now);
            }
        }

        _begun.TrySetResult(now);
    }

    internal void Take(NativeNotice.Event notice)
    {
        if (notice.Epoch is null)
        {
            _items.Add(new ChannelItem.Broadcast(notice.Data));
            return;
        }

        var position = new ChannelPosition(notice.Epoch, notice.Offset);
        lock (_gate)
        {
            if (_position is { } last && notice.Offset > last.Offset + 1)
            {
                Break(GapReason.Skipped, position with { Offset = notice.Offset - 1 });
            }

            _position = position;
            _items.Add(new ChannelItem.Event(notice.Name, notice.Data, position));
        }
    }

    internal void Take(NativeNotice.Joined notice) => _items.Add(new ChannelItem.Joined(notice.User, notice.Info));

    internal void Take(NativeNotice.Left notice) => _items.Add(new ChannelItem.Left(notice.User));

    internal void Take(NativeNotice.Reset notice)
    {
        lock (_gate)
        {
            Break(GapReason.Reset, new ChannelPosition(notice.Epoch, notice.Offset));
        }
    }

    /// <summary>Nothing comes any more on the connection.</summary>
    internal void Leave() => JoinedOn = null;

    /// <param name="failure">Null for an end in good order.</param>
    internal void End(Exception? failure)
    {
        _items.End(failure);
        if (_begun.TrySetException(failure ?? new ObjectDisposedException(nameof(BrokerSubscription))))
        {
            // Seen by whoever waits; nobody need.
            _ = _begun.Task.Exception;
        }
    }

    private void Break(GapReason reason, ChannelPosition position)
    {
        _items.Add(new ChannelItem.Gap(reason, _position ?? position, position, Lost: reason == GapReason.Skipped ? position.Offset - _position?.Offset : null));
        _position = position;
    }

    private async IAsyncEnumerator<ChannelItem> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await _items.ReadAsync(cancellationToken).ConfigureAwait(false) is { } item)
            {
                yield return item;
            }
        }
        finally
        {
            await DisposeAsync().ConfigureAwait(false);
        }
    }
}
