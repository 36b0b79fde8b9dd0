using Broker.Actors.Dialects.RocketWs;
using Broker.Node.Apps;
using Broker.Node.Connections;
using Broker.Node.Hosting;

namespace Broker.Node.Endpoints;

/// <summary>RocketWS's message source: what backends POST to <c>/rocketws</c>.</summary>
public static class RocketWsEndpoint
{
    public static void MapRocketWsSource(this IEndpointRouteBuilder app) =>
        app.MapPost(Dialects.RocketWsPath, (RequestDelegate)PostAsync).WithDialect(Dialects.RocketWsName);

    private static async Task PostAsync(HttpContext context)
    {
        var client = HttpClients.Describe(context);
        var app = client.Apps?.Only ?? AppDirectory.Default;
        if (client.Apps?.Includes(app, client) == false)
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        var services = context.RequestServices;
        var source = services.GetRequiredService<RocketWsSources>().Of(app);

        // What needs no credentials on this machine needs them once the app has some.
        var isOpen = client.IsLocal && !services.GetRequiredService<AppDirectory>().HasCredentials(app);
        if (!source.Admits(Credentials(context.Request), isOpen))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return;
        }

        if (await RequestBody.ReadAsync(context) is not { } body)
        {
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return;
        }

        SourceReply reply;
        using (body)
        {
            reply = await source.PostAsync(body.Bytes, context.Request.QueryString.Value ?? "", new HttpCaller(context));
        }

        context.Response.StatusCode = reply.Status;
        if (reply.ContentType is not null)
        {
            context.Response.ContentType = reply.ContentType;
            context.Response.ContentLength = reply.Body.Length;
            await context.Response.BodyWriter.WriteAsync(reply.Body, context.RequestAborted);
        }
    }

    /// <summary>What the Authorization header says, or would say if the key came there.</summary>
    private static string? Credentials(HttpRequest request) =>
        request.Headers.Authorization is [{ } authorization] ? authorization
        : request.Headers["X-API-Key"] is [{ } key] ? "Bearer " + key
        : null;
}
