using Broker.Actors;
using Broker.Node.Admin;
using Broker.Node.Apps;
using Broker.Node.Cluster;
using Broker.Node.Connections;
using Broker.Node.Endpoints;
using Broker.Node.Health;
using Broker.Node.Origins;
using Broker.Node.Settings;
using Broker.Node.Telemetry;
using Broker.Node.Tls;
using Broker.Transport;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Broker.Node.Hosting;

/// <summary>What a node is made of.</summary>
public static class BrokerServices
{
    /// <summary>Adds the node itself: its settings, its actors, its listeners. Dialects are added to what this returns.</summary>
    public static BrokerBuilder AddBroker(this IServiceCollection services)
    {
        AddSettings(services);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<AppDirectory>();
        services.TryAddSingleton(provider => provider.GetRequiredService<AppDirectory>().Namespaces);
        services.TryAddSingleton<Callers>();
        services.TryAddSingleton(CreateNode);
        services.TryAddSingleton(provider => provider.GetRequiredService<LocalNode>().Ingress);
        services.TryAddSingleton(provider => provider.GetRequiredService<AppDirectory>().Tokens);
        services.TryAddSingleton(provider => provider.GetRequiredService<BrokerOptions>().Drain);
        services.TryAddSingleton(provider => ConnectionRoom.Of(provider.GetRequiredService<BrokerOptions>().Limits, OpenFiles.Raise()));
        services.TryAddSingleton(provider => new AddressBlocks(provider.GetRequiredService<BrokerOptions>().Limits.Ipv6Prefix));
        services.TryAddSingleton(provider => new HandshakeRates(
            provider.GetRequiredService<BrokerOptions>().Limits, provider.GetRequiredService<AddressBlocks>()));
        services.TryAddSingleton(provider => new PublishRates(
            provider.GetRequiredService<BrokerOptions>(), provider.GetRequiredService<AddressBlocks>(), provider.GetRequiredService<LocalNode>().Counters));
        services.TryAddSingleton(provider => MemoryMark.Of(provider.GetRequiredService<BrokerOptions>().Limits));
        services.TryAddSingleton(CreateSessionCount);
        services.TryAddSingleton<DialectRoutes>();
        services.AddHealth();
        services.TryAddSingleton<UpgradeEntrance>();
        services.TryAddSingleton<Banner>();
        services.AddTelemetry();
        services.TryAddSingleton<SettingsInForce>();
        services.TryAddSingleton<NodeReporter>();
        services.AddHostedService<NodeLifetime>();
        services.AddHostedService<MemoryWatch>();
        services.TryAddSingleton<KeyFiles>();
        services.AddHostedService(provider => provider.GetRequiredService<KeyFiles>());
        services.AddHostedService<SecondSignal>();
        services.AddCertificates();
        services.AddOrigins();
        services.AddListeners();
        return new BrokerBuilder(services);
    }

    private static void AddSettings(IServiceCollection services)
    {
        services.TryAddSingleton<BrokerOptionsValidator>();
        services.TryAddSingleton<ListenersCheck>();
        services.TryAddSingleton<LibrariesCheck>();
        services.TryAddSingleton<IValidateOptions<BrokerOptions>, SettingsCheck>();
        services.TryAddSingleton<IConfigureOptions<BrokerOptions>, SettingsFromConfiguration>();
        services.AddOptions<BrokerOptions>().ValidateOnStart();
        services.TryAddSingleton(provider => provider.GetRequiredService<IOptions<BrokerOptions>>().Value);
    }

    private static LocalNode CreateNode(IServiceProvider provider) => NodeFactory.Create(
        provider.GetRequiredService<BrokerOptions>(),
        provider.GetRequiredService<AppDirectory>(),
        provider.GetRequiredService<LoopPollers>(),
        CreateCluster(provider),
        provider.GetRequiredService<ILoggerFactory>());

    private static Broker.Actors.Cluster.ClusterOptions? CreateCluster(IServiceProvider provider)
    {
        var cluster = provider.GetService<IClusterEngine>()?.Create(() => provider.GetRequiredService<IHostApplicationLifetime>().StopApplication());

        // Never alone by accident: two nodes that both own everything would be a cluster that loses every second event.
        return cluster is null && provider.GetRequiredService<BrokerOptions>().Cluster.PostgreSql is not null
            ? throw WrongSettings.Exception(["Broker:Cluster:PostgreSql cannot be set: this build has no engine for clusters."])
            : cluster;
    }

    private static SessionCount CreateSessionCount(IServiceProvider provider) => new(
        provider.GetRequiredService<ConnectionRoom>().Sessions,
        provider.GetRequiredService<BrokerOptions>().Limits.SessionsPerAddress,
        provider.GetRequiredService<AddressBlocks>());
}
