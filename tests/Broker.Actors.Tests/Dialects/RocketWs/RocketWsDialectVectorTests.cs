using Broker.Actors.Dialects.RocketWs;
using Broker.TestKit.Dialects;
using Broker.TestKit.RocketWs;

namespace Broker.Actors.Tests.Dialects.RocketWs;

public sealed class RocketWsDialectVectorTests : RocketWsVectors
{
    private readonly FakeBroker _broker = new();

    protected override long UnixSeconds => _broker.UnixMs / 1000;

    protected override Task<IRocketWsServer> StartAsync(RocketWsOptions options) =>
        Task.FromResult<IRocketWsServer>(new FakeRocketWsServer(options, _broker));
}
