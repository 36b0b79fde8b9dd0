using Broker.Node.Admin;
using Broker.Node.Amqp;
using Broker.Node.Cluster;
using Broker.Node.Demo;
using Broker.Node.Endpoints;
using Broker.Node.Health;
using Broker.Node.Hosting;
using Broker.Node.JsonRpc;
using Broker.Node.Libraries;
using Broker.Node.Metrics;

// One node of the broker. Command line and configuration end up in the options of Settings/; docs/settings.md lists them.
return await BrokerCommand.RunAsync(args, configuration => Build(configuration));

/// <summary>What a node is made of.</summary>
internal static partial class Program
{
    /// <param name="configure">What a test changes before the node is made.</param>
    internal static WebApplication Build(IConfiguration configuration, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = BrokerApplication.CreateBuilder(configuration);
        builder.Services.AddBroker()
            .AddRabbitMqCluster()
            .AddNativeDialect()
            .AddRocketWsDialect()
            .AddWebRocketDialect()
            .AddJsonRpcDialect()
            .AddLibraryDialects()
            .AddHttpApi()
            .AddAmqpSource()
            .AddSseDialect()
            .AddEchoDialect();

        configure?.Invoke(builder);
        var app = builder.Build();
        app.MapBroker();
        app.MapHttpApi();
        app.MapSse();
        app.MapRocketWsSource();
        app.MapHealth();
        app.MapMetrics();
        app.MapAdmin();
        app.MapDemoPage();
        return app;
    }
}
