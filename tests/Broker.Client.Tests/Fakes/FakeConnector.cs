using System.Threading.Channels;
using Broker.Client.Connections;

namespace Broker.Client.Tests.Fakes;

/// <summary>Opens connections to a test.</summary>
internal sealed class FakeConnector : IConnector
{
    private readonly Channel<FakeSocket> _opened = Channel.CreateUnbounded<FakeSocket>();
    private readonly Queue<Exception> _failures = new();

    /// <summary>How often somebody tried.</summary>
    public int Attempts { get; private set; }

    /// <summary>The next attempt fails.</summary>
    public void Fail(Exception failure) => _failures.Enqueue(failure);

    /// <summary>The next connection.</summary>
    public async Task<FakeSocket> NextAsync() => await _opened.Reader.ReadAsync().AsTask().WaitAsync(FakeSocket.Patience);

    public async Task<ISocket> ConnectAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        Attempts++;
        if (_failures.TryDequeue(out var failure))
        {
            throw failure;
        }

        var socket = new FakeSocket();
        await _opened.Writer.WriteAsync(socket, cancellationToken);
        return socket;
    }
}
