using System.Text.Json;
using Broker.Actors.Sessions;

namespace Broker.Actors.Dialects.JsonRpcWs;

/// <summary>
/// A connection as the threads that run its service see it. Everything goes to the session by message, in order; what waits for its loop is bounded as what waits
/// for the client is, and has the same end: the client is closed as slow.
/// </summary>
#pragma warning disable CA1001 // Its source of cancellation has neither timer nor handle, and is somebody's as long as a call runs.
internal sealed class ServicePeer
#pragma warning restore CA1001
{
    private readonly ISessionContext _session;
    private readonly JsonRpcWsOptions _options;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _ended = new();
    private long _waitingBytes;
    private long _lastNumber;
    private int _commands;
    private volatile bool _isClosed;
    private volatile bool _isOverflowed;

    public ServicePeer(ISessionContext session, JsonRpcWsOptions options, JsonRpcPeers peers, TimeProvider time)
    {
        _session = session;
        _options = options;
        _time = time;
        Peers = peers;
        Connection = session.Connection;
        Channels = new ServiceChannels(this);
    }

    public ConnectionInfo Connection { get; }

    public JsonRpcPeers Peers { get; }

    public ServiceChannels Channels { get; }

    /// <summary>Cancelled when the connection has ended.</summary>
    public CancellationToken Ended => _ended.Token;

    public void Notify(string method, ReadOnlySpan<object?> parameters) => Send(JsonRpcWsWriter.Call(id: default, method, parameters));

    public void Request(string method, ReadOnlySpan<object?> parameters) => Send(JsonRpcWsWriter.Call(NextId(), method, parameters));

    public Task<JsonRpcAnswer> RequestAsync(RequestOptions options, string method, ReadOnlySpan<object?> parameters)
    {
        var id = options.Id is null ? NextId() : ServiceJson.Write(options.Id);
        var frame = JsonRpcWsWriter.Call(id, method, parameters);
        var pending = new PendingRequest(ServiceJson.Parse(id));
        return TryWait(frame)
            ? AwaitAsync(frame, pending, options.Within ?? _options.AnswerTime)
            : Task.FromResult(JsonRpcAnswer.ConnectionClosed);
    }

    public void Respond(JsonElement id, JsonRpcResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentOutOfRangeException.ThrowIfEqual(result, JsonRpcResult.Later);
        Send(JsonRpcWsWriter.Response(ServiceJson.Write(id), result));
    }

    /// <summary>Sends a message that is written already.</summary>
    public void Send(byte[] frame)
    {
        if (TryWait(frame))
        {
            _session.Post(new ServiceMessage.Send(frame));
        }
    }

    /// <summary>Sends an answer of the dialect's own; where even that is too large, for it repeats what the client sent, the connection ends.</summary>
    public void SendOrClose(byte[] frame)
    {
        if (Takes(frame))
        {
            Send(frame);
        }
        else
        {
            Overflow();
        }
    }

    /// <summary>The largest message that can be sent; a larger one would fill the client's outbox by itself.</summary>
    public bool Takes(byte[] frame) => frame.Length <= _options.OutboxBytes / 2;

    public void Close(Disconnect reason, string? error) => _session.Post(new ServiceMessage.Close(reason, error));

    public void Finished(int bytes, bool isLate) => _session.Post(new ServiceMessage.Finished(bytes, isLate));

    /// <summary>Has the loop give a command to the core.</summary>
    /// <param name="otherwise">The answer where there is none.</param>
    /// <param name="give">Runs on the loop; it, or the core, answers.</param>
    public async Task<T> CommandAsync<T>(T otherwise, Action<ISessionContext, TaskCompletionSource<T>> give)
    {
        if (Interlocked.Increment(ref _commands) > ServiceChannels.MaxUnderWay || _isClosed)
        {
            Interlocked.Decrement(ref _commands);
            return otherwise;
        }

        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _session.Post(new ServiceMessage.Command(session => give(session, answer)));
        try
        {
            return await answer.Task.WaitAsync(_ended.Token);
        }
        catch (OperationCanceledException)
        {
            return answer.Task.IsCompletedSuccessfully ? await answer.Task : otherwise;
        }
        finally
        {
            Interlocked.Decrement(ref _commands);
        }
    }

    // From the loop

    /// <summary>The loop has taken a message.</summary>
    public void Taken(byte[] frame) => Interlocked.Add(ref _waitingBytes, -frame.Length);

    /// <summary>The connection has ended. What is told of that runs elsewhere.</summary>
    public void Closed()
    {
        _isClosed = true;
        _ = _ended.CancelAsync();
    }

    private async Task<JsonRpcAnswer> AwaitAsync(byte[] frame, PendingRequest pending, TimeSpan within)
    {
        _session.Post(new ServiceMessage.Request(frame, pending));
        try
        {
            return await pending.Task.WaitAsync(within, _time, _ended.Token);
        }
        catch (TimeoutException) when (!pending.Task.IsCompleted)
        {
            _session.Post(new ServiceMessage.Forget(pending));
            return JsonRpcAnswer.TimedOut;
        }
        catch (OperationCanceledException) when (!pending.Task.IsCompleted)
        {
            return JsonRpcAnswer.ConnectionClosed;
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
#pragma warning disable VSTHRD003 // It is done: the answer came at the last moment.
            return await pending.Task;
#pragma warning restore VSTHRD003
        }
    }

    /// <summary>Counts a message that is about to wait for the loop; false when it is not to be sent.</summary>
    private bool TryWait(byte[] frame)
    {
        if (!Takes(frame))
        {
            throw new ArgumentException($"The message has {frame.Length} bytes; the connection takes {_options.OutboxBytes / 2}, half of Broker:Limits:OutboxBytes.", nameof(frame));
        }

        if (_isClosed || _isOverflowed)
        {
            return false;
        }

        if (Interlocked.Add(ref _waitingBytes, frame.Length) <= _options.OutboxBytes)
        {
            return true;
        }

        Overflow();
        return false;
    }

    private void Overflow()
    {
        _isOverflowed = true;
        _session.Post(ServiceMessage.Overflowed.Instance);
    }

    private byte[] NextId() => JsonRpcWsWriter.Number(Interlocked.Increment(ref _lastNumber));
}
