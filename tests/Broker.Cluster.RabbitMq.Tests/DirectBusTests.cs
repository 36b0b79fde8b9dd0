using Broker.Actors.Cluster;
using Broker.TestKit.Servers;

namespace Broker.Cluster.RabbitMq.Tests;

/// <summary>The contract, with nothing between the bus and RabbitMQ, which breaks the connections itself.</summary>
[Trait("Needs", "rabbitmq")]
public sealed class DirectBusTests(RabbitMqFixture rabbit) : BusContract(rabbit)
{
    private readonly Dictionary<INodeBus, string> _names = [];

    protected override async ValueTask<INodeBus> CreateAsync()
    {
        var name = Guid.NewGuid().ToString("N");
        var bus = Create((await ServerAsync()).EndPoint, name);
        _names.Add(bus, name);
        return bus;
    }

    protected override async ValueTask BreakAsync(INodeBus bus) =>
        await (await ServerAsync()).ControlAsync(
            "eval",
            $$"""
            [rabbit_networking:close_connection(proplists:get_value(pid, C), "a test wants it")
             || C <- rabbit_networking:connection_info_all([pid, client_properties]),
                {<<"connection_name">>, longstr, Name} <- proplists:get_value(client_properties, C),
                lists:member(Name, [<<"{{_names[bus]}} in">>, <<"{{_names[bus]}} out">>])].
            """);
}
