using Microsoft.AspNetCore.Http.Features;

namespace Broker.Node.Connections;

/// <summary>Sends requests to the path of the hub that they mean, as Go's multiplexer did.</summary>
internal static class HubPaths
{
    public static Func<RequestDelegate, RequestDelegate> Redirected(DialectRoutes routes) => next => context =>
    {
        if (context.Features.Get<Listener>() is { } listener && Raw(context) is { } path && routes.Elsewhere(listener, path) is { } elsewhere)
        {
            // The path is canonical, so it cannot lead to another host.
            context.Response.StatusCode = StatusCodes.Status301MovedPermanently;
            context.Response.Headers.Location = new PathString(elsewhere).ToUriComponent() + context.Request.QueryString.ToUriComponent();
            return Task.CompletedTask;
        }

        return next(context);
    };

    /// <summary>As it came: the server takes dots out of the path itself. Null where it is no path.</summary>
    private static string? Raw(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        return target.StartsWith('/') ? Uri.UnescapeDataString(target.Split('?')[0]) : null;
    }
}
