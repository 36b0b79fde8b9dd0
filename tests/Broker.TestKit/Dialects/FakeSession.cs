using System.Net;
using System.Text;
using Broker.Actors.Dialects;
using Broker.Actors.Loops;
using Broker.Actors.Queries;
using Broker.Actors.Rights;
using Broker.Actors.Sessions;
using Broker.Messages;

namespace Broker.TestKit.Dialects;

/// <summary>One client of a <see cref="FakeBroker"/>: gives messages to its dialect and records what is sent.</summary>
public sealed class FakeSession : ISessionContext
{
    private readonly FakeBroker _broker;
    private readonly PayloadWriter _scratch = new();
    private readonly IDialectSession _session;
    private readonly HashSet<ChannelName> _channels = [];

    internal FakeSession(FakeBroker broker, IDialect dialect, IPEndPoint remote, string query, string app, long number)
    {
        _broker = broker;
        Dialect = dialect;
        App = app;
        Id = new SessionId(new Incarnation(new Guid("00000000-0000-0000-0000-00000000000a")), number);
        Connection = new ConnectionInfo(remote, "/", query, Origin: null);
        _session = dialect.Open(this);
    }

    /// <summary>Messages sent to the client that no test has taken yet.</summary>
    public Queue<byte[]> Sent { get; } = [];

    /// <summary>The kinds of all messages sent to the client so far.</summary>
    public IList<FrameKind> SentKinds { get; } = [];

    /// <summary>Why the broker closed the connection; null while it is open.</summary>
    public Disconnect? ClosedFor { get; private set; }

    public SessionId Id { get; }

    public ConnectionInfo Connection { get; }

    public string App { get; private set; }

    public Identity Identity { get; private set; } = Identity.Anonymous.Instance;

    public long UnixMs => _broker.UnixMs;

    internal IDialect Dialect { get; }

    /// <summary>The client sends a message.</summary>
    public void Receive(string text) => Receive(Encoding.UTF8.GetBytes(text), FrameKind.Text);

    public void Receive(byte[] payload, FrameKind kind)
    {
        _session.Received(payload, kind);
        _broker.Run();
    }

    /// <summary>The client closes the connection.</summary>
    public void Disconnect()
    {
        foreach (var channel in _channels)
        {
            _broker.Channel(channel).Leave(this);
        }

        _channels.Clear();
        _session.Closed();
    }

    public PayloadWriter Scratch()
    {
        _scratch.Clear();
        return _scratch;
    }

    public void Send(ReadOnlySpan<byte> payload, FrameKind kind = FrameKind.Text)
    {
        if (ClosedFor is null)
        {
            Sent.Enqueue(payload.ToArray());
            SentKinds.Add(kind);
        }
    }

    public void Close(Disconnect reason)
    {
        ClosedFor ??= reason;
        Disconnect();
    }

    public Refusal Identify(string app, Identity identity, bool keepSubscriptions = false)
    {
        if (!_broker.Apps.Contains(app))
        {
            return Refusal.UnknownApp;
        }

        if (!string.Equals(app, App, StringComparison.Ordinal) && _channels.Count > 0)
        {
            return Refusal.Forbidden;
        }

        App = app;
        Identity = identity;
        return Refusal.None;
    }

    public ChannelName Channel(ReadOnlySpan<byte> utf8) => new(App, Encoding.UTF8.GetString(utf8));

    public bool IsSubscribed(ChannelName channel) => _channels.Contains(channel);

    public Refusal Subscribe(ChannelName channel, in SubscribeRequest request, object? call)
    {
        if (IsSubscribed(channel))
        {
            return Refusal.AlreadySubscribed;
        }

        var refusal = _broker.TakeRefusal(channel);
        if (refusal != Refusal.None)
        {
            return refusal;
        }

        _channels.Add(channel);
        var wanted = request;
        var later = _broker.TakeAnswer();
        _broker.Answer(() => Subscribed(channel, wanted, later, call));
        return Refusal.None;
    }

    public Refusal Prove(ChannelName channel, long untilMs) => IsSubscribed(channel) ? Refusal.None : Refusal.NotSubscribed;

    public Refusal Unsubscribe(ChannelName channel, object? call)
    {
        if (!_channels.Remove(channel))
        {
            return Refusal.NotSubscribed;
        }

        _broker.Answer(() =>
        {
            _broker.Channel(channel).Leave(this);
            if (call is not null)
            {
                _session.Unsubscribed(channel, call);
            }
        });
        return Refusal.None;
    }

    public Refusal Emit(ChannelName channel, in EmitRequest request, object? call)
    {
        var refusal = _broker.TakeRefusal(channel);
        if (refusal != Refusal.None)
        {
            return refusal;
        }

        var (name, data, except) = (request.Name, request.Data.ToArray(), request.Echo ? null : this);
        IdempotencyKey? key = request.Key is null ? null : new IdempotencyKey(Identity.Publisher, request.Key);
        var later = _broker.TakeAnswer();
        _broker.Answer(() =>
        {
            var result = later == Refusal.None ? _broker.Channel(channel).Emit(name, data, except, key) : EmitResult.Refused(later);
            if (call is not null)
            {
                _session.Emitted(call, result);
            }
        });
        return Refusal.None;
    }

    public Refusal History(ChannelName channel, Position? since, int limit, bool backward, object call, bool proven = false)
    {
        var refusal = _broker.TakeRefusal(channel);
        if (refusal == Refusal.None)
        {
            _broker.Answer(() => _session.History(call, _broker.Channel(channel).Read(since, limit, backward)));
        }

        return refusal;
    }

    public Refusal Presence(ChannelName channel, object call, bool proven = false)
    {
        var refusal = _broker.TakeRefusal(channel);
        if (refusal == Refusal.None)
        {
            _broker.Answer(() => _session.Presence(call, _broker.Channel(channel).WhoIsHere()));
        }

        return refusal;
    }

    public void Post(object message) => _broker.Answer(() => _session.Posted(message));

    public void Ask(NodeQuery query, object call) => _broker.Answer(() => _session.Asked(call, _broker.Ask(query)));

    private void Subscribed(ChannelName name, in SubscribeRequest request, Refusal refusal, object? call)
    {
        var channel = _broker.Channel(name);
        if (refusal == Refusal.None && !_channels.Contains(name))
        {
            refusal = Refusal.NotSubscribed;   // an unsubscribe came right behind
        }

        if (refusal != Refusal.None)
        {
            _channels.Remove(name);
            _session.Subscribed(name, call, new SubscribeResult(refusal, default, Recovered: false));
            return;
        }

        var missed = request.Since is { } since ? channel.Missed(since) : null;
        channel.Subscribers[this] = request;
        _session.Subscribed(name, call, new SubscribeResult(Refusal.None, channel.Position, missed is not null, request.ProvenUntilMs));
        foreach (var one in missed ?? [])
        {
            channel.Deliver(this, one);
        }

        channel.Join(this, request);
    }
}
