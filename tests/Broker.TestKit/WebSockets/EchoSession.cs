using System.Text;
using Broker.Actors.Loops;
using Broker.Actors.Sessions;

namespace Broker.TestKit.WebSockets;

/// <summary>Sends back what it receives.</summary>
public sealed class EchoSession : Actor, ITransportSink
{
    private readonly TaskCompletionSource<bool> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _overflowed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<EchoSession, string, bool>? _intercept;

    public EchoSession(ITransport transport, Func<EchoSession, string, bool>? intercept)
        : base(transport.Loop)
    {
        Transport = transport;
        _intercept = intercept;
    }

    public ITransport Transport { get; }

    /// <summary>The way it ended, once it has.</summary>
    public Task<bool> Closed => _closed.Task;

    public Task Overflow => _overflowed.Task;

    /// <summary>Number of calls of <see cref="ITransportSink.Closed"/>.</summary>
    public int Closings { get; private set; }

    /// <summary>Does something on the session's loop, and waits until it is done.</summary>
    public Task DoAsync(Action<ITransport> work)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Tell(() =>
        {
            work(Transport);
            done.SetResult();
        });
        return done.Task;
    }

    void ITransportSink.Received(ReadOnlySpan<byte> payload, FrameKind kind)
    {
        if (_intercept is null || !_intercept(this, Encoding.UTF8.GetString(payload)))
        {
            Transport.Send(payload, kind);
        }
    }

    void ITransportSink.Overflowed()
    {
        _overflowed.SetResult();
        Transport.Close(Disconnect.Slow);
    }

    void ITransportSink.Closed(bool clean)
    {
        Closings++;
        _closed.TrySetResult(clean);
    }

    protected override void Receive(object message) => ((Action)message)();
}
