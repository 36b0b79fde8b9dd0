using Broker.Actors.Loops;
using Broker.Actors.Sessions;
using Broker.Transport.Connections;

namespace Broker.Transport.Epoll;

/// <summary>Where accepted sockets come into one loop.</summary>
/// <param name="loop">The loop that the poller is of.</param>
/// <param name="poller">Its poller.</param>
/// <param name="reception">Who accepted them.</param>
/// <param name="budget">Bytes that may wait for all clients of the node.</param>
public sealed class EpollDoor(Loop loop, EpollPoller poller, Reception reception, OutboxBudget budget) : Actor(loop)
{
    protected override void Receive(object message)
    {
        var entering = (Entering)message;
        var socket = new EpollSocket(poller, entering.Descriptor);
        var connection = WebSocketConnection.Open(Loop, socket, entering.Opening, reception, budget);
        try
        {
            socket.Start(connection);
        }
        catch (IOException)
        {
            ((IByteLinkOwner)connection).Lost();   // the kernel's limit of watched descriptors
        }
    }

    /// <param name="Descriptor">A non-blocking socket whose request's head has been consumed; owned by the receiver.</param>
    internal sealed record Entering(int Descriptor, Opening Opening);
}
