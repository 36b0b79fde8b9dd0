using Broker.Node.Tests.Connections;

namespace Broker.Node.Tests.Campaign;

[Trait("Needs", "server")]
public sealed class RocketWsOverPipeTests() : RocketWsOverTheWire(WayIn.Pipe);
