using Broker.Actors;
using Broker.Actors.Sessions;
using Broker.Node.Settings;
using Broker.Transport.Connections;
using Broker.Transport.Pipes;
using Broker.Transport.Streams;
using ConnectionInfo = Broker.Actors.Sessions.ConnectionInfo;

namespace Broker.Node.Connections;

/// <summary>What judges and carries the WebSockets of one sort of listeners.</summary>
internal sealed class Entrance
{
    public Entrance(LocalNode node, ISessionGate gate, BrokerOptions options, ConnectionRoom room, bool isLoopback)
    {
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
        Reception = new Reception(gate, webSocket, (request, peer) =>
            new ConnectionInfo(peer, request.Path, request.Query, request.Origin)
            {
                IsLocal = Locality.IsLocal(isLoopback, request.Head.Has),
            });
        Pipes = new PipeTransport(node.Loops, Reception, node.Outboxes);
        Streams = new StreamTransport(Pipes);
    }

    public Reception Reception { get; }

    public PipeTransport Pipes { get; }

    public StreamTransport Streams { get; }
}
