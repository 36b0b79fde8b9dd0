using System.Text.Json.Serialization.Metadata;
using Broker.Client.Connections;
using Broker.Client.Protocol;

namespace Broker.Client.Requests;

/// <summary>
/// The requests that wait for their answer, or for a connection. They outlive connections: the next one gets those again that are not answered,
/// in their order. Bounded in number and bytes.
/// </summary>
internal sealed class Outbox(BrokerClientOptions options, RequestIds ids)
{
    /// <summary>The broker knows a publish again for two minutes; some of them go by on the way.</summary>
    private static readonly TimeSpan RepeatWithin = TimeSpan.FromSeconds(100);

    private readonly Lock _gate = new();
    private readonly Dictionary<long, Request> _waiting = [];
    private long _bytes;
    private Connection? _connection;
    private ConnectionEnd? _lastEnd;
    private ConnectionEnd? _closed;

    /// <summary>
    /// Asks, and asks again when the connection is lost or the broker cannot take it now, until the time limit. The first time it is on its way, or
    /// waits in its place, when this returns.
    /// </summary>
    /// <param name="isRepeatable">True when doing it twice is doing it once, however much later.</param>
    public async Task<TResult> AskAsync<TParams, TResult>(
        string method,
        TParams parameters,
        JsonTypeInfo<TParams> parametersType,
        JsonTypeInfo<TResult> resultType,
        bool isRepeatable,
        TimeSpan limit,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var id = ids.Next();
        var request = new Request(id, NativeRequest.Write(id, method, parameters, parametersType), isRepeatable);
        Check.That(
            request.Frame.Length <= options.RequestBytes,
            $"The request has {request.Frame.Length} bytes; the broker takes {options.RequestBytes} ({nameof(BrokerClientOptions.RequestBytes)}).",
            nameof(parameters));

        using var deadline = new CancellationTokenSource(limit, options.Time);
        using var given = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var backOff = new BackOff(options.BackOffFirst, options.BackOffMax, options.Random);
        NativeError? refusal = null;
        try
        {
            while (true)
            {
                Post(request, isRepeated: refusal is not null);
                var frame = await request.Answer.Task.WaitAsync(given.Token).ConfigureAwait(false);
                refusal = frame.ReadError();
                if (refusal is null)
                {
                    return frame.ReadResult(resultType);
                }

                if (!refusal.IsTransient || (!isRepeatable && !MayRepeat(request)))
                {
                    throw refusal.ToException();
                }

                request.SentAt = (BrokerErrorCode)refusal.Code == BrokerErrorCode.OutcomeUnknown ? request.SentAt : null;
                request.Answer = new TaskCompletionSource<NativeFrame>(TaskCreationOptions.RunContinuationsAsynchronously);
                var wait = backOff.Next() + ((BrokerErrorCode)refusal.Code == BrokerErrorCode.TooManyPublishes ? TimeSpan.FromSeconds(1) : TimeSpan.Zero);
                await Task.Delay(wait, options.Time, given.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (given.IsCancellationRequested)
        {
            Withdraw(request);
            cancellationToken.ThrowIfCancellationRequested();

            // What was refused and then sent again may have been done.
            var isRefused = refusal is not null && (request.SentAt is null || (BrokerErrorCode)refusal.Code == BrokerErrorCode.OutcomeUnknown);
            throw isRefused ? refusal!.ToException() : TimedOut(limit, request.SentAt is not null);
        }
    }

    /// <summary>Sends what waits on a new connection.</summary>
    public void Attach(Connection connection)
    {
        lock (_gate)
        {
            _connection = connection;
            foreach (var request in _waiting.Values.OrderBy(request => request.Id).ToArray())
            {
                Send(request, connection);
            }
        }
    }

    public void Detach()
    {
        lock (_gate)
        {
            _connection = null;
        }
    }

    /// <summary>Says why there is no connection, for whoever waits for one in vain.</summary>
    public void Missed(ConnectionEnd end)
    {
        lock (_gate)
        {
            _lastEnd = end;
        }
    }

    public void Answered(in NativeFrame frame)
    {
        lock (_gate)
        {
            // What is not here was given up, or is an answer to what the broker could not read.
            if (frame.Id is { } id && Remove(id) is { } request)
            {
                request.Answer.TrySetResult(frame);
            }
        }
    }

    /// <summary>Nothing is sent any more.</summary>
    public void Close(ConnectionEnd end)
    {
        lock (_gate)
        {
            _closed = end;
            foreach (var request in _waiting.Values.ToArray())
            {
                Remove(request.Id);
                request.Answer.TrySetException(new BrokerClosedException(end, request.SentAt is not null));
            }
        }
    }

    public BrokerTimeoutException TimedOut(TimeSpan limit, bool mayHaveBeenDone)
    {
        lock (_gate)
        {
            return _connection is null
                ? new BrokerTimeoutException($"There was no connection within {limit}.", mayHaveBeenDone, _lastEnd?.Cause)
                : new BrokerTimeoutException($"There was no answer within {limit}.", mayHaveBeenDone);
        }
    }

    private void Post(Request request, bool isRepeated)
    {
        lock (_gate)
        {
            if (_closed is not null)
            {
                throw new BrokerClosedException(_closed, request.SentAt is not null);
            }

            // One that is repeated had its room before.
            if (!isRepeated && (_waiting.Count >= options.QueuedRequests || _bytes + request.Frame.Length > options.QueuedBytes))
            {
                throw new BrokerQueueFullException(_waiting.Count);
            }

            _waiting.Add(request.Id, request);
            _bytes += request.Frame.Length;
            if (_connection is { } connection)
            {
                Send(request, connection);
            }
        }
    }

    private void Send(Request request, Connection connection)
    {
        if (!request.IsRepeatable && !MayRepeat(request))
        {
            Remove(request.Id);
            request.Answer.TrySetException(new BrokerTimeoutException(
                "The connection was lost before the answer, for longer than the broker knows a publish again.", mayHaveBeenDone: true));
            return;
        }

        request.SentAt ??= options.Time.GetTimestamp();
        connection.Send(request.Frame);
    }

    private bool MayRepeat(Request request) => request.SentAt is not { } sent || options.Time.GetElapsedTime(sent) < RepeatWithin;

    private void Withdraw(Request request)
    {
        lock (_gate)
        {
            Remove(request.Id);
        }
    }

    private Request? Remove(long id)
    {
        if (!_waiting.Remove(id, out var request))
        {
            return null;
        }

        _bytes -= request.Frame.Length;
        return request;
    }
}
