using System.Net;
using Broker.Actors.Dialects;
using Broker.Actors.Loops;
using Broker.Actors.Queries;
using Broker.Actors.Rights;
using Broker.Actors.Sessions;
using Broker.Messages;

namespace Broker.Actors.Tests.Dialects;

/// <summary>Takes everything and keeps nothing: what is left is the dialect's own cost.</summary>
internal sealed class NullContext : ISessionContext
{
    private static readonly ChannelName Chat = new("default", "chat");

    private readonly PayloadWriter _scratch = new();

    public int Emits { get; private set; }

    public int Sends { get; private set; }

    public SessionId Id => default;

    public ConnectionInfo Connection { get; } = new(new IPEndPoint(IPAddress.Loopback, 5001), "/", "", Origin: null);

    public string App => "default";

    public Identity Identity => Identity.Anonymous.Instance;

    public long UnixMs => 0;

    public PayloadWriter Scratch()
    {
        _scratch.Clear();
        return _scratch;
    }

    public void Send(ReadOnlySpan<byte> payload, FrameKind kind = FrameKind.Text) => Sends++;

    public void Close(Disconnect reason)
    {
    }

    public Refusal Identify(string app, Identity identity, bool keepSubscriptions = false) => Refusal.None;

    public ChannelName Channel(ReadOnlySpan<byte> utf8) => Chat;

    public bool IsSubscribed(ChannelName channel) => true;

    public Refusal Subscribe(ChannelName channel, in SubscribeRequest request, object? call) => Refusal.None;

    public Refusal Prove(ChannelName channel, long untilMs) => Refusal.None;

    public Refusal Unsubscribe(ChannelName channel, object? call) => Refusal.None;

    public Refusal Emit(ChannelName channel, in EmitRequest request, object? call)
    {
        Emits++;
        return Refusal.None;
    }

    public Refusal History(ChannelName channel, Position? since, int limit, bool backward, object call, bool proven = false) => Refusal.None;

    public Refusal Presence(ChannelName channel, object call, bool proven = false) => Refusal.None;

    public void Ask(NodeQuery query, object call)
    {
    }

    public void Post(object message)
    {
    }
}
