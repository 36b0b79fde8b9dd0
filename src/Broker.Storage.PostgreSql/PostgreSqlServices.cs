using Broker.Actors.Cluster;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Broker.Storage.PostgreSql;

public static class PostgreSqlServices
{
    /// <summary>Makes PostgreSQL the authority. Nothing is connected before the first question to it.</summary>
    public static IServiceCollection AddPostgreSqlAuthority(this IServiceCollection services, Action<PostgreSqlOptions>? configure = null)
    {
        services.TryAddSingleton<IValidateOptions<PostgreSqlOptions>, PostgreSqlOptionsValidator>();
        var options = services.AddOptions<PostgreSqlOptions>();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddSingleton(static provider => new PostgreSqlAuthority(
            provider.GetRequiredService<IOptions<PostgreSqlOptions>>().Value, provider.GetRequiredService<ILoggerFactory>()));
        services.TryAddSingleton<IAuthority>(static provider => provider.GetRequiredService<PostgreSqlAuthority>());
        return services;
    }
}
