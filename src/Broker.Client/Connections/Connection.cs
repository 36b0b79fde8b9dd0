using System.Collections.Concurrent;
using System.Threading.Channels;
using Broker.Client.Protocol;

namespace Broker.Client.Connections;

/// <summary>
/// One connection from its handshake to its end: sends in the order in which it is told to, and hands on what comes in the order in which it
/// comes. Keeps the requests that end with it; those that outlive it are in the <see cref="Requests.Outbox"/>.
/// </summary>
internal sealed class Connection(ISocket socket, RequestIds ids, TimeProvider time) : IDisposable
{
    private readonly Channel<ReadOnlyMemory<byte>> _outgoing =
        Channel.CreateUnbounded<ReadOnlyMemory<byte>>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentDictionary<long, OwnCall> _calls = new();
    private readonly CancellationTokenSource _over = new();
    private ConnectionEnd? _end;

    /// <summary>Cancelled when the connection has ended.</summary>
    public CancellationToken Over => _over.Token;

    /// <summary>Reads and writes until the end; returns when nothing of the connection runs any more.</summary>
    /// <param name="received">Gets every message but answers to the connection's own requests, one at a time.</param>
    public async Task<ConnectionEnd> RunAsync(Action<NativeFrame> received)
    {
        var writing = WriteAsync();
        await ReadAsync(received).ConfigureAwait(false);
        await writing.ConfigureAwait(false);
        socket.Dispose();
        foreach (var id in _calls.Keys)
        {
            Lose(id);
        }

        return _end!;
    }

    /// <summary>Sends a message; nothing when the connection has ended or is about to.</summary>
    public void Send(ReadOnlyMemory<byte> frame) => _outgoing.Writer.TryWrite(frame);

    /// <summary>Asks something that ends with the connection. It is on its way when this returns.</summary>
    /// <param name="write">Writes the request with its id.</param>
    /// <param name="answered">Told of the answer before anything that comes behind it; null where that does not matter.</param>
    /// <exception cref="ConnectionLostException">The connection ended.</exception>
    /// <exception cref="BrokerTimeoutException">There was no answer within <paramref name="limit"/>.</exception>
    public async Task<NativeFrame> CallAsync(
        Func<long, ReadOnlyMemory<byte>> write, TimeSpan limit, Action<NativeFrame>? answered, CancellationToken cancellationToken)
    {
        var id = ids.Next();
        var call = new OwnCall(answered);
        _calls[id] = call;
        try
        {
            Send(write(id));
            if (_over.IsCancellationRequested)
            {
                Lose(id);
            }

            return await call.Answer.Task.WaitAsync(limit, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new BrokerTimeoutException("The broker does not answer.", mayHaveBeenDone: true);
        }
        finally
        {
            _calls.TryRemove(id, out _);
        }
    }

    /// <summary>Ends the connection at once, unless it has ended already.</summary>
    public void End(ConnectionEnd end)
    {
        if (Interlocked.CompareExchange(ref _end, end, null) is null)
        {
            _outgoing.Writer.TryComplete();
            _over.Cancel();
        }
    }

    /// <summary>Sends what is waiting and a close frame, and lets the broker close too; after <paramref name="limit"/> it ends anyway.</summary>
    public async Task CloseAsync(TimeSpan limit)
    {
        _outgoing.Writer.TryComplete();
        try
        {
            await Task.Delay(limit, time, Over).ConfigureAwait(false);
            End(new ConnectionEnd(CloseCodes.Normal, "", MayReturn: true));
        }
        catch (OperationCanceledException)
        {
            // The broker has closed.
        }
    }

    public void Dispose() => _over.Dispose();

    private async Task ReadAsync(Action<NativeFrame> received)
    {
        try
        {
            while (true)
            {
                var next = await socket.ReceiveAsync(Over).ConfigureAwait(false);
                if (next.End is { } end)
                {
                    // What waits to be sent is not; the writer answers the close frame.
                    End(end);
                    return;
                }

                var frame = NativeFrame.Parse(next.Message);
                if (frame.Method is null && frame.Id is { } id && _calls.TryRemove(id, out var call))
                {
                    call.Take(frame);
                }
                else
                {
                    received(frame);
                }
            }
        }
#pragma warning disable CA1031 // The edge of a connection: whatever breaks it, a broken network or a broken message, is why it ended.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            End(new ConnectionEnd(CloseCodes.Abnormal, "connection lost", MayReturn: true, failure));
        }
    }

    private async Task WriteAsync()
    {
        try
        {
            await foreach (var frame in _outgoing.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
            {
                if (_over.IsCancellationRequested)
                {
                    break;
                }

                await socket.SendAsync(frame, Over).ConfigureAwait(false);
            }

            // Not cancelled with the rest: it answers the broker's close frame. What cannot be sent at once need not be.
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1), time);
            await socket.CloseAsync(limit.Token).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // As in ReadAsync.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            End(new ConnectionEnd(CloseCodes.Abnormal, "connection lost", MayReturn: true, failure));
        }
    }

    private void Lose(long id)
    {
        if (_calls.TryRemove(id, out var call))
        {
            call.Answer.TrySetException(new ConnectionLostException());
        }
    }

    private sealed record OwnCall(Action<NativeFrame>? Answered)
    {
        public TaskCompletionSource<NativeFrame> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Take(in NativeFrame frame)
        {
            try
            {
                Answered?.Invoke(frame);
                Answer.TrySetResult(frame);
            }
            catch
            {
                Answer.TrySetException(new ConnectionLostException());
                throw;
            }
        }
    }
}
