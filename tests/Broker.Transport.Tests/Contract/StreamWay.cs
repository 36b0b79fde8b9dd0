using System.Net;
using System.Net.Sockets;
using Broker.Transport.Connections;
using Broker.Transport.Handshake;
using Broker.Transport.Streams;

namespace Broker.Transport.Tests.Contract;

/// <summary>Way 3: a stream whose handshake an HTTP server has answered.</summary>
internal sealed class StreamWay(WebSocketOptions options, long budgetBytes = 1 << 30) : SocketWay(options, budgetBytes)
{
    protected override async Task ServeAsync(Socket socket)
    {
        var stream = new NetworkStream(socket);
        var bytes = new byte[Options.MaxHeadBytes];
        var known = 0;
        RequestHead? head;
        HeadOutcome outcome;
        while ((outcome = RequestHead.TryRead(bytes.AsSpan(0, known), Options.MaxHeadBytes, out head, out _)) == HeadOutcome.Incomplete)
        {
            // Byte by byte: what follows the head belongs to the stream.
            if (await stream.ReadAsync(bytes.AsMemory(known, 1)) == 0)
            {
                return;
            }

            known++;
        }

        switch (outcome == HeadOutcome.Complete ? Reception.Judge(head!, (IPEndPoint)socket.RemoteEndPoint!) : Verdict.NotOurs.Instance)
        {
            case Verdict.Taken taken:
                await stream.WriteAsync(taken.Opening.Response);
                var opening = taken.Opening with { Response = default };
                await new StreamTransport(Pipes).ServeAsync(stream, opening, () => socket.Shutdown(SocketShutdown.Send), () => Cut(socket));
                break;
            case Verdict.Refused refused:
                await stream.WriteAsync(refused.Response);
                break;
            default:
                await stream.WriteAsync(NotFound(bytes.AsSpan(0, Math.Min(4, known))));
                break;
        }
    }
}
