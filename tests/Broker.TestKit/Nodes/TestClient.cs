using System.Collections.Concurrent;
using System.Text;
using Broker.Actors.Dialects;
using Broker.Actors.Loops;
using Broker.Actors.Sessions;
using Broker.Messages;
using Broker.TestKit.Sessions;

namespace Broker.TestKit.Nodes;

/// <summary>
/// One client of a test's node. Each command is posted to its loop, behind what is there, as if it came from the socket;
/// a command that is refused at once leaves the line <c>no</c> with its call and the refusal.
/// </summary>
public sealed class TestClient
{
    private readonly ConcurrentQueue<Exception> _faults;

    internal TestClient(Loop loop, RecordingTransport transport, ConcurrentQueue<Exception> faults)
    {
        _faults = faults;
        Loop = loop;
        Transport = transport;
    }

    public Loop Loop { get; }

    public RecordingTransport Transport { get; }

    public SessionActor Session { get; private set; } = null!;

    public TextSession Dialect { get; private set; } = null!;

    /// <summary>Events, notices and answers that the client took, in order.</summary>
    public Recording Lines => Transport.Lines;

    public string[] Events => [.. Lines.All.Where(line => line.Contains('#', StringComparison.Ordinal))];

    /// <summary>Gives a command; what it throws fails the node's next <see cref="TestNode.Turn"/>.</summary>
    public void Do(Action<ISessionContext> command) => _ = LoopCall.RunAsync(Loop, () =>
    {
        try
        {
            command(Session);
        }
#pragma warning disable CA1031 // Thrown again where the test sees it.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            _faults.Enqueue(fault);
        }
    });

    /// <summary>Completes when the command has been given; what it returns or throws is the test's to see.</summary>
    public Task DoAsync(Action<ISessionContext> command) => LoopCall.RunAsync(Loop, () => command(Session));

    public void Subscribe(
        string channel, Position? since = null, string? member = null, int version = 0, object? call = null) => Do(session =>
    {
        var claim = member is null ? null : new MemberClaim(member, Encoding.UTF8.GetBytes($"\"{member}\""));
        var refusal = session.Subscribe(Name(channel), new SubscribeRequest(version, since, claim), call ?? channel);
        Note("sub", call ?? channel, refusal);
    });

    public void Unsubscribe(string channel, object? call = null) => Do(session =>
        Note("unsub", call ?? channel, session.Unsubscribe(Name(channel), call ?? channel)));

    public void Emit(string channel, string data, bool echo = true, string? key = null, object? call = null) => Do(session =>
        Note("emit", call ?? data, session.Emit(Name(channel), new EmitRequest("e", Encoding.UTF8.GetBytes(data), echo, key), call ?? data)));

    public void History(string channel, Position? since = null, int limit = 1_000, bool backward = false) => Do(session =>
        Note("history", channel, session.History(Name(channel), since, limit, backward, channel)));

    public void Presence(string channel) => Do(session =>
        Note("presence", channel, session.Presence(Name(channel), channel)));

    /// <summary>The client goes away.</summary>
    public void Leave(bool clean) => _ = LoopCall.RunAsync(Loop, () => Transport.Leave(clean));

    /// <summary>The broker closes the session.</summary>
    public void Close(Disconnect reason) => Do(session => session.Close(reason));

    internal void Opened(SessionActor session, TextSession dialect)
    {
        Session = session;
        Dialect = dialect;
        Transport.Attach(session);
    }

    private ChannelName Name(string text) => new(Session.App, text);

    private void Note(string what, object call, Refusal refusal)
    {
        if (refusal != Refusal.None)
        {
            Session.Send(Encoding.UTF8.GetBytes($"no {what} {call} {refusal}"));
        }
    }
}
