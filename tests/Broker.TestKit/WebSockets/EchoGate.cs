using System.Collections.Concurrent;
using System.Threading.Channels;
using Broker.Actors;
using Broker.Actors.Sessions;

namespace Broker.TestKit.WebSockets;

/// <summary>
/// Lets everybody in to an echo, with the subprotocol <c>chat</c> where it is offered; <c>/full</c> is refused, and what
/// does not begin with <c>/echo</c> is not here.
/// </summary>
public sealed class EchoGate : ISessionGate
{
    private readonly ConcurrentDictionary<Limit, TaskCompletionSource> _met = new();
    private readonly Channel<EchoSession> _opened = Channel.CreateUnbounded<EchoSession>();

    /// <summary>Sees text before it is echoed; true when that was all. Set before the first connection.</summary>
    public Func<EchoSession, string, bool>? Intercept { get; set; }

    public int Abandoned { get; private set; }

    /// <summary>Completes once a connection has run into the limit.</summary>
    public Task MeetAsync(Limit limit) => Meeting(limit).Task;

    public ValueTask<EchoSession> NextAsync() => _opened.Reader.ReadAsync();

    public Admission Knock(ConnectionInfo connection, IReadOnlyList<string> subprotocols)
    {
        if (connection.Path == "/full")
        {
            return new Admission.Refused(503, "Full.");
        }

        return connection.Path.StartsWith("/echo", StringComparison.Ordinal)
            ? new Admission.Accepted(subprotocols.Contains("chat", StringComparer.Ordinal) ? "chat" : null, connection)
            : Admission.NotHere.Instance;
    }

    public ITransportSink Open(Admission.Accepted admission, ITransport transport)
    {
        if (transport.Connection.Path == "/echo/broken")
        {
            throw new InvalidOperationException("Broken on purpose.");
        }

        var session = new EchoSession(transport, Intercept);
        _opened.Writer.TryWrite(session);
        return session;
    }

    public void Abandon(Admission.Accepted admission) => Abandoned++;

    public void Met(Limit limit) => Meeting(limit).TrySetResult();

    private TaskCompletionSource Meeting(Limit limit) =>
        _met.GetOrAdd(limit, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
