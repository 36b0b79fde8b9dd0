using Broker.Transport.Connections;

namespace Broker.Transport.Tests.Contract;

public sealed class StreamWayTests : WebSocketContract
{
    private protected override bool JudgesHeads => false;

    private protected override Way CreateWay(WebSocketOptions options, long budgetBytes) => new StreamWay(options, budgetBytes);
}
