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

    public Entrance(Listener listener, LocalNode node, ListenerGate gate, BrokerOptions options, ConnectionRoom room)
    {
        _listener = listener;
        Gate = gate;
        var webSocket = new Broker.Transport.Connections.WebSocketOptions
        {
            MaxMessageBytes = options.Limits.FrameBytes,
            OutboxBytes = node.OutboxBytes,
            HandshakeTimeoutMs = options.Limits.HandshakeSeconds * 1_000,
            MaxHeadBytes = options.Limits.HeadBytes,
            MaxOpenHandshakes = room.OpenHandshakes,
            FramesPerSecond = options.Limits.FramesPerSecond,
            BytesPerSecond = options.Limits.BytesPerSecond,
        };
        Reception = new Reception(gate, webSocket, Describe);
        Pipes = new PipeTransport(node.Loops, Reception, node.Outboxes);
        Streams = new StreamTransport(Pipes);
    }

    public ListenerGate Gate { get; }

    public Reception Reception { get; }

    public PipeTransport Pipes { get; }

    public StreamTransport Streams { get; }

    private ConnectionInfo Describe(UpgradeRequest request, IPEndPoint peer) =>
        new(_listener.ClientOf(peer, request.Head.Values), request.Path, request.Query, request.Origin)
        {
            IsLocal = Locality.IsLocal(_listener, request.Head.Has),
            IsSameOrigin = Origin.TryParse(request.Origin, out var origin) && origin.IsOf(request.Head.Single("Host")),
            Apps = Gate,
        };
}
