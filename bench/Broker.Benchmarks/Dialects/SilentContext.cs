using System.Net;
using Broker.Actors.Dialects;
using Broker.Actors.Loops;
using Broker.Actors.Queries;
using Broker.Actors.Rights;
using Broker.Actors.Sessions;
using Broker.Messages;

namespace Broker.Benchmarks.Dialects;

/// <summary>Takes every command and does nothing, so that a dialect's own work is left.</summary>
internal sealed class SilentContext : ISessionContext
{
    private readonly NameCache _names = new("default", new ChannelAccess(new Namespaces([new Namespace("default", "*")], []), new SessionLimits()));
    private readonly PayloadWriter _scratch = new();

    public SessionId Id => default;

    public ConnectionInfo Connection { get; } = new(new IPEndPoint(IPAddress.Loopback, 1), "/", "", null);

    public string App => "default";

    public Identity Identity => Identity.Anonymous.Instance;

    public long UnixMs => 0;

    /// <summary>Bytes of data emitted, so that the work cannot be left out.</summary>
    public long Emitted { get; private set; }

    public PayloadWriter Scratch()
    {
        _scratch.Clear();
        return _scratch;
    }

    public void Send(ReadOnlySpan<byte> payload, FrameKind kind = FrameKind.Text)
    {
    }

    public void Close(Disconnect reason)
    {
    }

    public Refusal Identify(string app, Identity identity, bool keepSubscriptions = false) => Refusal.None;

    public ChannelName Channel(ReadOnlySpan<byte> utf8) => _names.Get(utf8);

    public bool IsSubscribed(ChannelName channel) => true;

    public Refusal Subscribe(ChannelName channel, in SubscribeRequest request, object? call) => Refusal.None;

    public Refusal Prove(ChannelName channel, long untilMs) => Refusal.None;

    public Refusal Unsubscribe(ChannelName channel, object? call) => Refusal.None;

    public Refusal Emit(ChannelName channel, in EmitRequest request, object? call)
    {
        Emitted += request.Data.Length;
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
