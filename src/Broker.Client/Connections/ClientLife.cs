using Broker.Client.Protocol;
using Broker.Client.Requests;
using Broker.Client.Subscriptions;

namespace Broker.Client.Connections;

/// <summary>
/// A client's connections, one after the other: opens one, says who the client is, gives it to the subscriptions and the outbox, and when it ends
/// waits and opens the next, until the client is disposed or told not to come back.
/// </summary>
internal sealed class ClientLife(
    BrokerClientOptions options, IConnector connector, RequestIds ids, SubscriptionRoom room, Outbox outbox) : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly BackOff _backOff = new(options.BackOffFirst, options.BackOffMax, options.Random);
    private readonly Lock _gate = new();
    private TaskCompletionSource _ready = New();
    private long? _readySince;
    private Exception? _fault;

    public BrokerClientState State { get; private set; }

    /// <summary>Completed while there is a connection, failed when there will be none any more.</summary>
    public Task Ready
    {
        get
        {
            lock (_gate)
            {
#pragma warning disable VSTHRD003 // Completed by the life, which waits for nobody who waits here.
                return _ready.Task;
#pragma warning restore VSTHRD003
            }
        }
    }

    public Task StopAsync() => _stopping.CancelAsync();

    public async Task RunAsync()
    {
        ConnectionEnd? end = null;
        while (!_stopping.IsCancellationRequested)
        {
            Tell(BrokerClientState.Connecting, end);
            end = await ConnectAsync().ConfigureAwait(false);
            outbox.Missed(end);
            if (!end.MayReturn || _stopping.IsCancellationRequested)
            {
                break;
            }

            await WaitAsync(end).ConfigureAwait(false);
        }

        Close(end);
    }

    public void Dispose() => _stopping.Dispose();

    private async Task WaitAsync(ConnectionEnd end)
    {
        if (_readySince is { } since && options.Time.GetElapsedTime(since) >= options.BackOffMax)
        {
            _backOff.Reset();
        }

        var wait = end.RetryAfter + _backOff.Next();
        var waiting = Task.Delay(wait, options.Time, _stopping.Token);
        Tell(BrokerClientState.Waiting, end, wait);
        await waiting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>One connection, from its first step to its end.</summary>
    private async Task<ConnectionEnd> ConnectAsync()
    {
        _readySince = null;
        using var limit = new CancellationTokenSource(options.ConnectTimeout, options.Time);
        using var given = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stopping.Token);
        string? token;
        ISocket socket;
        try
        {
            token = options.TokenProvider is null ? options.Token : await GetTokenAsync(given.Token).ConfigureAwait(false);
            socket = await connector.ConnectAsync(given.Token).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // The edge of the network, and of whoever makes the tokens: whatever fails is why there is no connection.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return limit.IsCancellationRequested ? EndOf(Late()) : EndOf(failure);
        }

        using var connection = new Connection(socket, ids, options.Time);
        var running = connection.RunAsync(frame => Received(connection, frame));
        try
        {
            var expiresIn = await IntroduceAsync(connection, token, given.Token).ConfigureAwait(false);
            await ServeAsync(connection, expiresIn).ConfigureAwait(false);
        }
        catch (ConnectionLostException)
        {
            // Why, the connection itself says.
        }
        catch (OperationCanceledException)
        {
            connection.End(_stopping.IsCancellationRequested ? new ConnectionEnd(CloseCodes.Normal, "", MayReturn: true) : EndOf(Late()));
        }
        catch (Exception failure) when (failure is BrokerException or System.Text.Json.JsonException)
        {
            connection.End(EndOf(failure));
        }

        return await running.ConfigureAwait(false);
    }

    private async Task ServeAsync(Connection connection, TimeSpan? expiresIn)
    {
        using var stopped = CancellationTokenSource.CreateLinkedTokenSource(connection.Over, _stopping.Token);
        var renewing = options.TokenProvider is null ? Task.CompletedTask : RenewAsync(connection, expiresIn, stopped.Token);
        try
        {
            // In this order, so that who subscribes and then publishes gets what it publishes.
            room.Attach(connection);
            outbox.Attach(connection);
            _readySince = options.Time.GetTimestamp();
            lock (_gate)
            {
                _ready.TrySetResult();
            }

            Tell(BrokerClientState.Connected, null);
            await Task.Delay(Timeout.InfiniteTimeSpan, options.Time, stopped.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            lock (_gate)
            {
                _ready = New();
            }

            outbox.Detach();
            room.Detach();
            await renewing.ConfigureAwait(false);
        }

        if (!connection.Over.IsCancellationRequested)
        {
            await connection.CloseAsync(options.CloseTimeout).ConfigureAwait(false);
        }
    }

    private void Received(Connection connection, in NativeFrame frame)
    {
        if (frame.Method is null)
        {
            outbox.Answered(frame);
        }
        else
        {
            room.Received(connection, frame);
        }
    }

    /// <summary>Says who the client is, where there is something to say; how long that holds.</summary>
    private async Task<TimeSpan?> IntroduceAsync(Connection connection, string? token, CancellationToken cancellationToken)
    {
        if (options.App is null && options.User is null && token is null)
        {
            return null;
        }

        var answer = await connection.CallAsync(
            id => NativeRequest.Write(id, "connect", new NativeParams.Connect(options.App, options.User, token), ClientJson.Default.Connect),
            options.ConnectTimeout,
            answered: null,
            cancellationToken).ConfigureAwait(false);
        if (answer.ReadError() is { } error)
        {
            throw error.ToException();
        }

        return answer.ReadResult(ClientJson.Default.Connected).ExpiresInMs is { } left ? TimeSpan.FromMilliseconds(left) : null;
    }

    private async Task RenewAsync(Connection connection, TimeSpan? expiresIn, CancellationToken over)
    {
        try
        {
            await TokenRenewal.RunAsync(expiresIn, RenewOnceAsync, options, over).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The connection ended, or is to.
        }
        catch (ConnectionLostException)
        {
            // The next connection gets a new token first.
        }

        async Task<TimeSpan?> RenewOnceAsync()
        {
            try
            {
                return await IntroduceAsync(connection, await GetTokenAsync(over).ConfigureAwait(false), over).ConfigureAwait(false);
            }
            catch (BrokerRefusedException refused) when (refused.Code == BrokerErrorCode.Forbidden)
            {
                // Of another user: a connection stays in its user's name.
                connection.End(new ConnectionEnd(CloseCodes.Abnormal, "the new token is of another user", MayReturn: true, refused));
                throw new ConnectionLostException();
            }
        }
    }

    private Task<string> GetTokenAsync(CancellationToken cancellationToken) =>
        options.TokenProvider!(cancellationToken).AsTask().WaitAsync(options.ConnectTimeout, options.Time, cancellationToken);

    private void Close(ConnectionEnd? end)
    {
        var isAsked = _stopping.IsCancellationRequested && _fault is null;
        end = isAsked || end is null ? new ConnectionEnd(CloseCodes.Normal, "disposed", MayReturn: false, _fault) : end with { MayReturn = false, Cause = _fault ?? end.Cause };
        outbox.Close(end);
        var failure = new BrokerClosedException(end, mayHaveBeenDone: false);
        room.Close(end, isAsked ? null : failure);
        lock (_gate)
        {
            _ready.TrySetException(failure);
            _ = _ready.Task.Exception;   // seen by whoever waits; nobody need
        }

        Tell(BrokerClientState.Closed, end);
    }

    private void Tell(BrokerClientState state, ConnectionEnd? end, TimeSpan retryIn = default)
    {
        State = state;
        try
        {
            options.StateChanged?.Invoke(new BrokerClientStateChange(state, end, retryIn));
        }
#pragma warning disable CA1031 // A user's handler: its fault ends the client, which tells it to everybody who waits.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            _fault ??= fault;
            _stopping.Cancel();
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private BrokerTimeoutException Late() => new($"There was no connection within {options.ConnectTimeout}.", mayHaveBeenDone: false);

    private ConnectionEnd EndOf(Exception failure) => failure switch
    {
        HandshakeRefusedException refused => new ConnectionEnd(CloseCodes.Abnormal, "handshake refused", refused.MayReturn, refused) { RetryAfter = refused.RetryAfter },
        BrokerRefusedException refused => new ConnectionEnd(CloseCodes.Abnormal, "connect refused", MayReturn(refused.Code), refused),
        _ => new ConnectionEnd(CloseCodes.Abnormal, "no connection", MayReturn: true, failure),
    };

    /// <summary>Whether another attempt, with another token where there is a provider, can go better.</summary>
    private bool MayReturn(BrokerErrorCode code) => code switch
    {
        BrokerErrorCode.TokenExpired => options.TokenProvider is not null,
        BrokerErrorCode.Unavailable or BrokerErrorCode.OutcomeUnknown or BrokerErrorCode.InternalError
            or BrokerErrorCode.AppFull or BrokerErrorCode.TokenNotYetValid => true,
        _ => false,
    };
}
