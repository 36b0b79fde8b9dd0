using Broker.Transport.Connections;

namespace Broker.Transport.Tests.Contract;

public sealed class PipeWayTests : WebSocketContract
{
    private protected override Way CreateWay(WebSocketOptions options, long budgetBytes) => new PipeWay(options, budgetBytes);
}
