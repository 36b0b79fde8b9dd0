using Broker.Node.Connections;
using Broker.Node.Endpoints;

namespace Broker.Node.Hosting;

/// <summary>What becomes of requests that reach the HTTP server.</summary>
public static class BrokerPipeline
{
    /// <summary>Takes WebSockets that no other way took, and puts words to refusals of HTTP requests.</summary>
    public static void MapBroker(this WebApplication app)
    {
        var upgrades = app.Services.GetRequiredService<UpgradeEntrance>();
        app.Use(next => context => upgrades.InvokeAsync(context, next));
        app.Use(ClientAddresses.Known());
        app.UseStatusCodePages(pages => Problems.Are(pages.HttpContext.Request.Path)
            ? Problems.WriteStatusAsync(pages.HttpContext)
            : PlainText.WriteStatusAsync(pages.HttpContext));
        app.Use(HubPaths.Redirected(app.Services.GetRequiredService<DialectRoutes>()));
        app.Use(DialectEndpoints.Rooted(app.Services.GetRequiredService<DialectRoutes>()));
        app.UseRouting();
        app.Use(DialectEndpoints.Served());
        app.UseCors();
    }
}
