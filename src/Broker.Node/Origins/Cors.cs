using Microsoft.AspNetCore.Cors;
using Microsoft.AspNetCore.Cors.Infrastructure;

namespace Broker.Node.Origins;

/// <summary>
/// Lets pages read what HTTP endpoints answer (CORS), by the same lists that WebSockets go by. It never sends a browser's
/// own credentials, as nothing here goes by cookies.
/// </summary>
public static class Cors
{
    /// <summary>Answers pages of allowed origins, preflights too. The endpoint itself still asks <see cref="AppOrigins"/> about its app.</summary>
    public static T WithCors<T>(this T endpoint)
        where T : IEndpointConventionBuilder
    {
        endpoint.Add(builder =>
        {
            builder.Metadata.Add(new EnableCorsAttribute());
            if (builder.Metadata.OfType<HttpMethodMetadata>().LastOrDefault() is { } methods)
            {
                builder.Metadata.Add(new HttpMethodMetadata(methods.HttpMethods, acceptCorsPreflight: true));
            }
        });
        return endpoint;
    }

    internal static void AddOrigins(this IServiceCollection services)
    {
        services.AddCors();
        services.AddSingleton<AppOrigins>();
        services.AddSingleton<ICorsPolicyProvider, ByOrigin>();
    }

    private sealed class ByOrigin(AppOrigins origins) : ICorsPolicyProvider
    {
        private static readonly TimeSpan PreflightAge = TimeSpan.FromMinutes(10);

        // A preflight says nothing of the app, so it is enough that there is one. What follows it is asked again.
        public Task<CorsPolicy?> GetPolicyAsync(HttpContext context, string? policyName) =>
            Task.FromResult<CorsPolicy?>(new CorsPolicyBuilder()
                .SetIsOriginAllowed(_ => origins.AllowSome(context))
                .AllowAnyHeader()
                .AllowAnyMethod()
                .WithExposedHeaders("Retry-After")
                .SetPreflightMaxAge(PreflightAge)
                .Build());
    }
}
