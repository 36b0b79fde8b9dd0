namespace Broker.Client.Subscriptions;

/// <summary>
/// What waits for the reader of a subscription, at most so many items. When one more comes the oldest is left out, so that a slow reader sees the
/// newest, and the reader gets a <see cref="ChannelItem.Gap"/> in the place of what was left out.
/// </summary>
internal sealed class ItemBuffer(int capacity)
{
    private readonly Lock _gate = new();
    private readonly Queue<ChannelItem> _items = new();
    private ChannelItem.Gap? _leftOut;
    private ChannelPosition _read;
    private TaskCompletionSource? _waiting;
    private bool _isEnded;
    private Exception? _failure;

    /// <summary>Where the reader begins.</summary>
    public void Begin(ChannelPosition position)
    {
        lock (_gate)
        {
            _read = position;
        }
    }

    public void Add(ChannelItem item)
    {
        lock (_gate)
        {
            if (_isEnded)
            {
                return;
            }

            if (_items.Count == capacity)
            {
                LeaveOut(_items.Dequeue());
            }

            _items.Enqueue(item);
            Wake();
        }
    }

    /// <summary>Nothing more comes. Who reads gets what waits yet, then the failure.</summary>
    /// <param name="failure">Null for an end in good order, which takes back what waits.</param>
    public void End(Exception? failure)
    {
        lock (_gate)
        {
            if (failure is null)
            {
                _items.Clear();
                _leftOut = null;
                _failure = null;
            }
            else if (!_isEnded)
            {
                _failure = failure;
            }

            _isEnded = true;
            Wake();
        }
    }

    /// <summary>The next item; null at the end.</summary>
    public async ValueTask<ChannelItem?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task more;
            lock (_gate)
            {
                if (Take() is { } item)
                {
                    return item;
                }

                if (_isEnded)
                {
                    return _failure is null ? null : throw _failure;
                }

                _waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                more = _waiting.Task;
            }

            await more.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private ChannelItem? Take()
    {
        if (_leftOut is { } gap)
        {
            _leftOut = null;
            _read = gap.Position;
            return gap;
        }

        if (!_items.TryDequeue(out var item))
        {
            return null;
        }

        _read = PositionBehind(item) ?? _read;
        return item;
    }

    private void LeaveOut(ChannelItem oldest)
    {
        var gap = _leftOut ?? new ChannelItem.Gap(GapReason.Overflow, _read, _read, Lost: 0);
        var lost = oldest switch
        {
            ChannelItem.Gap other => gap.Lost + other.Lost,   // unknown with unknown
            ChannelItem.Resumed => gap.Lost,
            _ => gap.Lost + 1,
        };
        _leftOut = gap with { Position = PositionBehind(oldest) ?? gap.Position, Lost = lost };
    }

    private static ChannelPosition? PositionBehind(ChannelItem item) => item switch
    {
        ChannelItem.Event one => one.Position,
        ChannelItem.Gap gap => gap.Position,
        _ => null,
    };

    private void Wake()
    {
        _waiting?.TrySetResult();
        _waiting = null;
    }
}
