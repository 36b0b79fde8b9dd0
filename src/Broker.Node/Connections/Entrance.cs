using System.Net;
using Broker.Actors;
using Broker.Node.Origins;
using Broker.Node.Settings;
using Broker.Transport.Connections;
using Broker.Transport.Handshake;
using Broker.Transport.Pipes;
using Broker.Transport.Streams;
using ConnectionInfo = Broker.Actors.Sessions.ConnectionInfo;

namespace Broker.Node.Connections;

/// <summary>What judges and carries the WebSockets of one listener.</summary>
internal sealed class Entrance
{
    private readonly Listener _listener;
    private readonly ListenerGate _gate;

    public Entrance(Listener listener, LocalNode node, ListenerGate gate, BrokerOptions options)
    {
        _listener = listener;
        _gate = gate;
        var webSocket = new Broker.Transport.Connections.WebSocketOptions
        {
            MaxMessageBytes = options.Limits.FrameBytes,
            OutboxBytes = node.OutboxBytes,
            HandshakeTimeoutMs = options.Limits.HandshakeSeconds * 1_000,
            MaxHeadBytes = options.Limits.HeadBytes,
        };
        Reception = new Reception(gate, webSocket, Describe);
        Pipes = new PipeTransport(node.Loops, Reception, node.Outboxes);
        Streams = new StreamTransport(Pipes);
    }

    public Reception Reception { get; }

    public PipeTransport Pipes { get; }

    public StreamTransport Streams { get; }

    /// <summary>Of an HTTP request whose client <see cref="ClientAddresses"/> has found.</summary>
    public ConnectionInfo Describe(HttpContext context)
    {
        string? header = context.Request.Headers.Origin is [{ } only] ? only : null;
        return new(
            new IPEndPoint(context.Connection.RemoteIpAddress ?? IPAddress.None, context.Connection.RemotePort),
            context.Request.Path.Value ?? "", context.Request.QueryString.Value?.TrimStart('?') ?? "", header)
        {
            IsLocal = Locality.IsLocal(context),
            IsSameOrigin = Origin.TryParse(header, out var origin) && origin.IsOf(context.Request.Host.Value),
            Apps = _gate,
        };
    }

    private ConnectionInfo Describe(UpgradeRequest request, IPEndPoint peer) =>
        new(_listener.ClientOf(peer, request.Head.Values), request.Path, request.Query, request.Origin)
        {
            IsLocal = Locality.IsLocal(_listener, request.Head.Has),
            IsSameOrigin = Origin.TryParse(request.Origin, out var origin) && origin.IsOf(request.Head.Single("Host")),
            Apps = _gate,
        };
}
