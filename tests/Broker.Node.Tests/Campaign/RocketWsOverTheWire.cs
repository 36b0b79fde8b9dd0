using Broker.Actors.Dialects.RocketWs;
using Broker.Node.Tests.Connections;
using Broker.TestKit.RocketWs;

namespace Broker.Node.Tests.Campaign;

/// <summary>The protocol's vectors against a node that is entered in one way.</summary>
public abstract class RocketWsOverTheWire(WayIn way) : RocketWsVectors
{
    protected override async Task<IRocketWsServer> StartAsync(RocketWsOptions options)
    {
        var node = await WaysIn.StartAsync(
            way,
            ("Broker:RocketWs:Version", options.Version),
            ("Broker:RocketWs:LegacyReplyText", options.LegacyReplyText ? "true" : "false"));
        return new RocketWsOverSockets(new Uri(node.Url + "/rocketws"), node.DisposeAsync);
    }
}
