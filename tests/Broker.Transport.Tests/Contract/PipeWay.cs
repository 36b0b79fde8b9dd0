using System.Net.Sockets;
using Broker.Transport.Connections;

namespace Broker.Transport.Tests.Contract;

/// <summary>Way 2: a pipe whose head nobody has read, with limits of its own as a server's has.</summary>
internal sealed class PipeWay(WebSocketOptions options, long budgetBytes = 1 << 30) : SocketWay(options, budgetBytes)
{
    protected override Task ServeAsync(Socket socket) => ServePipeAsync(socket);
}
