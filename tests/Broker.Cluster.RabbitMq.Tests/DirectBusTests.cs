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
            $"""
            [rabbit_networking:close_connection(Pid, "a test wants it") || Pid <- rabbit_networking:connections(),
             lists:member(proplists:get_value(user_provided_name, rabbit_reader:info(Pid, [user_provided_name])),
             [<<"{_names[bus]} in">>, <<"{_names[bus]} out">>])].
            """);
}
