using System.Net;
using Broker.Actors.Channels;
using Broker.Actors.Dialects;
using Broker.Actors.Queries;
using Broker.Actors.Rights;
using Broker.Actors.Rooms;
using Broker.Messages;

namespace Broker.TestKit.Dialects;

/// <summary>
/// A broker small enough to see through, for testing dialects: channels in a dictionary, no loops, no rights. What it
/// answers comes after the message that asked for it has been handled, or when a test lets it.
/// </summary>
public sealed class FakeBroker : IIngress
{
    private readonly Dictionary<ChannelName, FakeChannel> _channels = [];
    private readonly List<FakeSession> _sessions = [];
    private readonly Queue<Action> _answers = [];
    private bool _isRunning;
    private bool _isHeld;

    /// <summary>The clock of channels and sessions.</summary>
    public long UnixMs { get; set; } = 1_420_070_400_123;

    /// <summary>The apps that exist.</summary>
    public HashSet<string> Apps { get; } = ["default", "demo"];

    /// <summary>Bytes of a channel's name.</summary>
    public int ChannelNameBytes { get; set; } = 255;

    /// <summary>What the next command is refused with at once.</summary>
    public Refusal NextRefusal { get; set; }

    /// <summary>What the next emit or subscribe is refused with later, after it was taken.</summary>
    public Refusal NextAnswer { get; set; }

    public FakeSession Connect(IDialect dialect, string query = "", string app = "default")
    {
        var remote = new IPEndPoint(IPAddress.Loopback, 5001 + _sessions.Count);
        var session = new FakeSession(this, dialect, remote, query, app, _sessions.Count + 1);
        _sessions.Add(session);
        return session;
    }

    /// <summary>Keeps answers back until <see cref="Release"/>.</summary>
    public void Hold() => _isHeld = true;

    public void Release()
    {
        _isHeld = false;
        Run();
    }

    /// <summary>Gives the answer that came last first, and holds on: answers in the wrong order.</summary>
    public void ReleaseLast()
    {
        var waiting = _answers.ToArray();
        _answers.Clear();
        foreach (var answer in waiting[..^1])
        {
            _answers.Enqueue(answer);
        }

        waiting[^1]();
    }

    public FakeChannel Channel(ChannelName name)
    {
        if (!_channels.TryGetValue(name, out var channel))
        {
            channel = new FakeChannel(this, name);
            _channels.Add(name, channel);
        }

        return channel;
    }

    public ValueTask<EmitResult> EmitAsync(Identity caller, ChannelName channel, string? name, ReadOnlyMemory<byte> data, string? key = null)
    {
        var refusal = TakeRefusal(channel);
        return ValueTask.FromResult(refusal == Refusal.None
            ? Channel(channel).Emit(name, data.ToArray(), except: null, key is null ? null : new IdempotencyKey(caller.Publisher, key))
            : EmitResult.Refused(refusal));
    }

    public Task<NodeAnswer> AskAsync(Identity caller, NodeQuery query) => Task.FromResult(Ask(query));

    public Task<HistoryPage> HistoryAsync(Identity caller, ChannelName channel, Position? since, int limit, bool backward) =>
        Task.FromResult(Channel(channel).Read(since, limit, backward));

    public Task<PresencePage> PresenceAsync(Identity caller, ChannelName channel) => Task.FromResult(Channel(channel).WhoIsHere());

    public NodeAnswer Ask(NodeQuery query)
    {
        var channels = _channels.Values.Where(channel => string.Equals(channel.Name.App, query.App, StringComparison.Ordinal) && channel.Subscribers.Count > 0).ToArray();
        return query switch
        {
            NodeQuery.Channels => new NodeAnswer.ChannelNames([.. channels.Select(channel => channel.Name.Text)], IsPartial: false),
            NodeQuery.Subscribers subscribers => new NodeAnswer.Addresses(
                [.. channels.Where(channel => subscribers.Channel is null || string.Equals(channel.Name.Text, subscribers.Channel, StringComparison.Ordinal))
                    .SelectMany(channel => channel.Subscribers.Keys.Select(session => session.Connection.Remote))],
                IsPartial: false),
            NodeQuery.Broadcast broadcast => new NodeAnswer.Delivered(Broadcast(channels, broadcast), IsPartial: false),
            _ => throw new ArgumentException($"Not a question: {query}.", nameof(query)),
        };
    }

    internal Refusal TakeRefusal(ChannelName channel)
    {
        var refusal = NextRefusal;
        NextRefusal = Refusal.None;
        return refusal != Refusal.None ? refusal
            : System.Text.Encoding.UTF8.GetByteCount(channel.Text) > ChannelNameBytes ? Refusal.InvalidChannel
            : Refusal.None;
    }

    internal Refusal TakeAnswer()
    {
        var refusal = NextAnswer;
        NextAnswer = Refusal.None;
        return refusal;
    }

    internal void Answer(Action answer)
    {
        _answers.Enqueue(answer);
    }

    internal void Run()
    {
        if (_isRunning || _isHeld)
        {
            return;
        }

        _isRunning = true;
        while (_answers.TryDequeue(out var answer))
        {
            answer();
        }

        _isRunning = false;
    }

    private int Broadcast(FakeChannel[] channels, NodeQuery.Broadcast broadcast)
    {
        var told = new HashSet<FakeSession>();
        var copies = 0;
        foreach (var channel in channels)
        {
            var notice = new RoomNotice.Broadcast(channel.Name, broadcast.Data, UnixMs);
            foreach (var session in channel.Subscribers.Keys.Where(session => told.Add(session) || !broadcast.OncePerClient).ToArray())
            {
                channel.Tell(session, notice);
                copies++;
            }
        }

        return copies;
    }
}
