using Broker.Transport.Connections;

namespace Broker.Transport.Tests.Contract;

public sealed class FastWayTests : WebSocketContract
{
    private protected override Way CreateWay(WebSocketOptions options, long budgetBytes) => new FastWay(options, budgetBytes);
}
