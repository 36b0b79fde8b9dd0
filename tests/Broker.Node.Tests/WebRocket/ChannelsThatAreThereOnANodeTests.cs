using Broker.Node.Tests.Cluster;

namespace Broker.Node.Tests.WebRocket;

[Trait("Needs", "server")]
public sealed class ChannelsThatAreThereOnANodeTests(WebRocketNode node) : ChannelsThatAreThere, IClassFixture<WebRocketNode>
{
    private protected override Task<ServerUnderTest> ServerAsync() => Task.FromResult(node.Server);
}
