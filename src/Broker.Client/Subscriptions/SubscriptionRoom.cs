using Broker.Client.Connections;
using Broker.Client.Protocol;

namespace Broker.Client.Subscriptions;

/// <summary>
/// A client's subscriptions by channel: subscribes each on every new connection, from where it was, and gives each what comes for it.
/// </summary>
internal sealed class SubscriptionRoom(BrokerClientOptions options, Errands errands)
{
    private const int Expired = 2501;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, BrokerSubscription> _all = new(StringComparer.Ordinal);
    private Connection? _connection;
    private ConnectionEnd? _closed;

    /// <exception cref="InvalidOperationException">There is one to this channel.</exception>
    public BrokerSubscription Add(string channel, SubscribeOptions subscribeOptions)
    {
        var subscription = new BrokerSubscription(this, channel, subscribeOptions, options);
        lock (_gate)
        {
            if (_closed is not null)
            {
                throw new BrokerClosedException(_closed, mayHaveBeenDone: false);
            }

            if (!_all.TryAdd(channel, subscription))
            {
                throw new InvalidOperationException($"The client is subscribed to {channel} already.");
            }

            if (_connection is { } connection)
            {
                Join(subscription, connection);
            }
        }

        return subscription;
    }

    /// <summary>Unsubscribes; nothing when it has gone already.</summary>
    public void Remove(BrokerSubscription subscription)
    {
        lock (_gate)
        {
            if (!_all.TryGetValue(subscription.Channel, out var known) || known != subscription)
            {
                return;
            }

            _all.Remove(subscription.Channel);
            End(subscription);

            // Also when the subscribe is not answered yet: the broker takes what is about one channel in its order.
            _connection?.Send(NativeRequest.Write(
                null, "unsubscribe", new NativeParams.Unsubscribe(subscription.Channel), ClientJson.Default.Unsubscribe));
        }
    }

    public void Attach(Connection connection)
    {
        lock (_gate)
        {
            _connection = connection;
            foreach (var subscription in _all.Values)
            {
                Join(subscription, connection);
            }
        }
    }

    public void Detach()
    {
        lock (_gate)
        {
            _connection = null;
            foreach (var subscription in _all.Values)
            {
                subscription.Leave();
            }
        }
    }

    /// <param name="failure">What their readers get; null for an end in good order.</param>
    public void Close(ConnectionEnd end, Exception? failure)
    {
        BrokerSubscription[] all;
        lock (_gate)
        {
            _closed = end;
            all = [.. _all.Values];
            _all.Clear();
            foreach (var subscription in all)
            {
                End(subscription);
            }
        }

        foreach (var subscription in all)
        {
            subscription.End(failure);
        }
    }

    /// <summary>Gives a notification to the subscription that it is for. Methods that are not known are for later versions.</summary>
    public void Received(Connection connection, in NativeFrame frame)
    {
        switch (frame.Method)
        {
            case "event":
                var published = frame.ReadParams(ClientJson.Default.Event);
                Find(published.Channel, connection)?.Take(published);
                break;
            case "joined":
                var joined = frame.ReadParams(ClientJson.Default.Joined);
                Find(joined.Channel, connection)?.Take(joined);
                break;
            case "left":
                var left = frame.ReadParams(ClientJson.Default.Left);
                Find(left.Channel, connection)?.Take(left);
                break;
            case "reset":
                var reset = frame.ReadParams(ClientJson.Default.Reset);
                Find(reset.Channel, connection)?.Take(reset);
                break;
            case "unsubscribed":
                Unsubscribed(connection, frame.ReadParams(ClientJson.Default.Unsubscribed));
                break;
        }
    }

    /// <summary>Between an unsubscribe and its being carried out, what comes is for nobody, nor for the next subscription to the channel.</summary>
    private BrokerSubscription? Find(string channel, Connection connection)
    {
        lock (_gate)
        {
            return _all.TryGetValue(channel, out var subscription) && subscription.JoinedOn == connection ? subscription : null;
        }
    }

    private void Unsubscribed(Connection connection, NativeNotice.Unsubscribed notice)
    {
        BrokerSubscription? subscription;
        lock (_gate)
        {
            subscription = Find(notice.Channel, connection);
            if (subscription is null)
            {
                return;
            }

            subscription.Leave();
            if (notice.Code == Expired && subscription.Options.TokenProvider is not null)
            {
                Join(subscription, connection);
                return;
            }

            _all.Remove(notice.Channel);
            End(subscription);
        }

        subscription.End(new BrokerUnsubscribedException(notice.Channel, notice.Code, notice.Reason));
    }

    private void Join(BrokerSubscription subscription, Connection connection)
    {
        End(subscription);
        var scope = new CancellationTokenSource();
        subscription.Scope = scope;
        errands.Add(JoinAsync(subscription, connection, scope));
    }

    private void End(BrokerSubscription subscription)
    {
        if (subscription.Scope is { } scope)
        {
            // Its callbacks may be a user's: not under this lock.
            errands.Add(scope.CancelAsync());
            subscription.Scope = null;
        }
    }

    /// <summary>Subscribes on a connection, and keeps the subscription's token fresh as long as it lasts.</summary>
    private async Task JoinAsync(BrokerSubscription subscription, Connection connection, CancellationTokenSource scope)
    {
        // Not linked, as a linked source would have to be disposed while somebody else may cancel it.
        using var ending = connection.Over.UnsafeRegister(static scope => ((CancellationTokenSource)scope!).Cancel(), scope);
        var over = scope.Token;
        var backOff = new BackOff(options.BackOffFirst, options.BackOffMax, options.Random);
        try
        {
            while (await TryJoinAsync(subscription, connection, over).ConfigureAwait(false) is { } failure)
            {
                subscription.LastFailure = failure;
                await Task.Delay(backOff.Next(), options.Time, over).ConfigureAwait(false);
            }

            if (subscription.Options.TokenProvider is { } provider)
            {
                await TokenRenewal.RunAsync(
                    subscription.ExpiresIn, () => RefreshAsync(subscription.Channel, provider, connection, over), options, over).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // Unsubscribed, or the connection ended.
        }
        catch (ConnectionLostException)
        {
            // The next connection begins anew.
        }
        catch (BrokerTimeoutException silence)
        {
            connection.End(new ConnectionEnd(CloseCodes.Abnormal, "no answer", MayReturn: true, silence));
        }
        catch (Exception refused) when (refused is BrokerRefusedException or ArgumentException)
        {
            Remove(subscription);
            subscription.End(refused);
        }
        finally
        {
            lock (_gate)
            {
                if (subscription.Scope == scope)
                {
                    subscription.Scope = null;
                }
            }
        }
    }

    /// <summary>Null when it has gone well, else why to try again.</summary>
    private async Task<Exception?> TryJoinAsync(BrokerSubscription subscription, Connection connection, CancellationToken over)
    {
        string? token = null;
        if (subscription.Options.TokenProvider is { } provider)
        {
            // What a user wrote does not run under this lock.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            try
            {
                token = await GetTokenAsync(subscription.Channel, provider, over).ConfigureAwait(false);
            }
#pragma warning disable CA1031 // The edge of whoever makes the tokens.
            catch (Exception failure) when (!over.IsCancellationRequested)
#pragma warning restore CA1031
            {
                return failure;
            }
        }

        Task<NativeFrame> asked;
        lock (_gate)
        {
            over.ThrowIfCancellationRequested();
            asked = connection.CallAsync(
                id => Write(id, subscription, token), options.RequestTimeout, frame => subscription.Answered(connection, frame), over);
        }

        var answer = await asked.ConfigureAwait(false);
        if (answer.ReadError()?.ToException() is not { } refused)
        {
            return null;
        }

        switch (refused.Code)
        {
            case BrokerErrorCode.Unavailable or BrokerErrorCode.InternalError:
            case BrokerErrorCode.TokenExpired or BrokerErrorCode.TokenNotYetValid when subscription.Options.TokenProvider is not null:
                return refused;
            case BrokerErrorCode.OutcomeUnknown:
                connection.End(new ConnectionEnd(CloseCodes.Abnormal, "outcome unknown", MayReturn: true, refused));
                throw new ConnectionLostException();
            default:
                throw refused;
        }
    }

    private async Task<TimeSpan?> RefreshAsync(
        string channel, Func<string, CancellationToken, ValueTask<string>> provider, Connection connection, CancellationToken over)
    {
        var token = await GetTokenAsync(channel, provider, over).ConfigureAwait(false);
        var answer = await connection.CallAsync(
            id => NativeRequest.Write(id, "refresh", new NativeParams.Refresh(channel, token), ClientJson.Default.Refresh),
            options.RequestTimeout,
            answered: null,
            over).ConfigureAwait(false);
        return answer.ReadError() is { } error
            ? throw error.ToException()
            : TimeSpan.FromMilliseconds(answer.ReadResult(ClientJson.Default.Refreshed).ExpiresInMs);
    }

    private Task<string> GetTokenAsync(string channel, Func<string, CancellationToken, ValueTask<string>> provider, CancellationToken over) =>
        provider(channel, over).AsTask().WaitAsync(options.RequestTimeout, options.Time, over);

    private static ReadOnlyMemory<byte> Write(long id, BrokerSubscription subscription, string? token)
    {
        var presence = subscription.Options.IsPresent ? new NativeParams.MemberInfo(subscription.Options.Info) : null;
        var parameters = new NativeParams.Subscribe(subscription.Channel, subscription.Position, presence, token);
        return NativeRequest.Write(id, "subscribe", parameters, ClientJson.Default.Subscribe);
    }
}
