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
        app.UseStatusCodePages(pages => Problems.Are(pages.HttpContext.Request.Path)
            ? Problems.WriteStatusAsync(pages.HttpContext)
            : PlainText.WriteStatusAsync(pages.HttpContext));
        app.UseRouting();
    }
}
