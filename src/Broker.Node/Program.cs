using Broker.Node.Demo;
using Broker.Node.Endpoints;
using Broker.Node.Health;
using Broker.Node.Hosting;

// One node of the broker. Command line and configuration end up in the options of Settings/; docs/settings.md lists them.
return await BrokerCommand.RunAsync(args, async configuration =>
{
    var builder = BrokerApplication.CreateBuilder(configuration);
    builder.Services.AddBroker()
        .AddNativeDialect()
        .AddRocketWsDialect()
        .AddEchoDialect();

    await using var app = builder.Build();
    app.MapBroker();
    app.MapRocketWsSource();
    app.MapHealth();
    app.MapDemoPage();
    await app.RunAsync();
});
