namespace Broker.Node.Connections;

/// <summary>Keeps HTTP endpoints to the listeners that serve them.</summary>
public static class DialectEndpoints
{
    /// <summary>Says what the endpoint belongs to: a name of <see cref="HttpDialects"/> or of a dialect. Without one it is there only where everything is served.</summary>
    public static T WithDialect<T>(this T endpoint, string name)
        where T : IEndpointConventionBuilder
    {
        endpoint.Add(builder => builder.Metadata.Add(new DialectName(name)));
        return endpoint;
    }

    /// <summary>Comes before routing: the root of a listener with one dialect is that dialect's path.</summary>
    internal static Func<RequestDelegate, RequestDelegate> Rooted(DialectRoutes routes) => next => context =>
    {
        if (context.Request.Path == "/" && context.Features.Get<Listener>() is { Dialects: not null } listener && routes.Find(listener, "/") is { } route)
        {
            context.Request.Path = route.Path;
        }

        return next(context);
    };

    /// <summary>Comes after routing: what the listener does not serve is not there.</summary>
    internal static Func<RequestDelegate, RequestDelegate> Served() => next => context =>
    {
        if (context.Features.Get<Listener>() is not { Dialects: not null } listener || context.GetEndpoint() is not { } endpoint
            || (endpoint.Metadata.GetMetadata<DialectName>() is { } dialect && listener.Serves(dialect.Value)))
        {
            return next(context);
        }

        context.SetEndpoint(endpoint: null);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    };
}
