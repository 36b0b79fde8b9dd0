using Broker.Actors.Dialects.RocketWs;
using Broker.Node.Endpoints;
using Broker.Node.Hosting;
using Broker.TestKit.RocketWs;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Broker.Node.Tests.Dialects;

/// <summary>RocketWS's vectors over the real node and real sockets.</summary>
[Trait("Needs", "server")]
public sealed class RocketWsVectorTests : RocketWsVectors
{
    protected override async Task<IRocketWsServer> StartAsync(RocketWsOptions options)
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Broker:Urls"] = "http://127.0.0.1:0",
            ["Broker:RocketWs:Version"] = options.Version,
            ["Broker:RocketWs:LegacyReplyText"] = options.LegacyReplyText.ToString(),
            ["Broker:RocketWs:NotifyAllOncePerClient"] = options.NotifyAllOncePerClient.ToString(),
            ["Broker:Log"] = "Json",
            ["Logging:LogLevel:Default"] = "Warning",
        };
        var builder = BrokerApplication.CreateBuilder(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        builder.Services.AddBroker().AddNativeDialect().AddRocketWsDialect();
        var app = builder.Build();
        app.MapBroker();
        app.MapRocketWsSource();
        await app.StartAsync();
        var address = ServerAddresses.Of(app.Services.GetRequiredService<IServer>())[0];
        return new RocketWsOverSockets(new Uri(address + "/rocketws"), app.DisposeAsync);
    }
}
