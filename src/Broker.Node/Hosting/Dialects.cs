using Broker.Actors;
using Broker.Actors.Dialects.Echo;
using Broker.Actors.Dialects.Http;
using Broker.Actors.Dialects.Native;
using Broker.Actors.Dialects.Sse;
using Broker.Actors.Dialects.WebRocket;
using Broker.Node.Apps;
using Broker.Node.Connections;
using Broker.Node.Endpoints;
using Broker.Node.Settings;
using Broker.Node.WebRocket;
using Broker.Transport.EventStreams;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Rocket = Broker.Actors.Dialects.RocketWs;

namespace Broker.Node.Hosting;

/// <summary>The dialects that a node can speak.</summary>
public static class Dialects
{
    public const string NativeName = "native";
    public const string RocketWsName = "rocketws";
    public const string WebRocketName = "webrocket";
    public const string EchoName = "echo";
    public const string NativePath = "/rpc";
    public const string RocketWsPath = "/rocketws";

    /// <summary>The broker's own dialect, at <c>/rpc</c>: docs/native.md.</summary>
    public static BrokerBuilder AddNativeDialect(this BrokerBuilder broker) => broker.AddDialect(NativeName, provider =>
    {
        var limits = provider.GetRequiredService<BrokerOptions>().Limits;
        var options = new NativeOptions { Path = NativePath, JsonDepth = limits.JsonDepth, BatchRequests = limits.BatchEntries };

        // In an app of the settings users prove who they are; "demo" could be one.
        if (!provider.GetRequiredService<AppDirectory>().HasDemo)
        {
            options.SelfNamedApps.Clear();
        }

        return new DialectRoute(NativePath, new NativeDialect(options, provider.GetRequiredService<AppDirectory>().Tokens), options.App, NamesApp: true);
    });

    /// <summary>The HTTP API, at <c>/api/...</c>: docs/http-api.md. Its paths are mapped by <see cref="ApiEndpoints"/>.</summary>
    public static BrokerBuilder AddHttpApi(this BrokerBuilder broker)
    {
        broker.Services.TryAddSingleton(provider => new HttpApi(
            HttpApiOptions(provider.GetRequiredService<BrokerOptions>()), provider.GetRequiredService<LocalNode>().Ingress));
        return broker;
    }

    /// <summary>Server-sent events, at <c>/sse</c>: docs/sse.md. The path is mapped by <see cref="SseEndpoint"/>.</summary>
    public static BrokerBuilder AddSseDialect(this BrokerBuilder broker)
    {
        broker.Services.TryAddSingleton<SseDialect>();
        broker.Services.TryAddSingleton(provider => EventStreamOptions(provider.GetRequiredService<BrokerOptions>(), provider.GetRequiredService<LocalNode>()));
        broker.Services.TryAddSingleton(provider =>
        {
            var node = provider.GetRequiredService<LocalNode>();
            return new EventStreamTransport(node.Loops, provider.GetRequiredService<EventStreamOptions>(), node.Outboxes);
        });
        return broker;
    }

    /// <summary>RocketWS, at <c>/rocketws</c>: docs/rocketws.md. Backends emit through <see cref="RocketWsEndpoint"/>.</summary>
    public static BrokerBuilder AddRocketWsDialect(this BrokerBuilder broker)
    {
        broker.Services.TryAddSingleton(provider => RocketWsOptions(provider.GetRequiredService<BrokerOptions>()));
        broker.Services.TryAddSingleton<RocketWsSources>();
        return broker.AddDialect(RocketWsName, provider =>
        {
            var options = provider.GetRequiredService<Rocket.RocketWsOptions>();
            return new DialectRoute(RocketWsPath, new Rocket.RocketWsDialect(options), options.App);
        });
    }

    /// <summary>WebRocket, at the paths of its hubs: docs/webrocket.md.</summary>
    public static BrokerBuilder AddWebRocketDialect(this BrokerBuilder broker)
    {
        broker.Services.TryAddSingleton<ISecretGuard>(provider => new WrongSecrets(
            provider.GetRequiredService<BrokerOptions>().Limits, provider.GetRequiredService<AddressBlocks>()));
        broker.Services.TryAddSingleton<HubTable>();
        broker.Services.TryAddSingleton<HubReload>();
        broker.Services.AddHostedService(provider => provider.GetRequiredService<HubReload>());
        return broker.AddDialect(WebRocketName, provider => provider.GetRequiredService<HubTable>().Routes);
    }

    /// <summary>Sends back what comes, at <c>Broker:Echo:Path</c>; off where that is not set.</summary>
    public static BrokerBuilder AddEchoDialect(this BrokerBuilder broker) => broker.AddDialect(EchoName, provider =>
        provider.GetRequiredService<BrokerOptions>().Echo.Path is { Length: > 0 } path
            ? new DialectRoute(path, new EchoDialect(), AppDirectory.Default, NamesApp: true)
            : null);

    /// <param name="name">The dialect's own, as listeners' settings call it.</param>
    /// <param name="route">Null when the settings switch the dialect off.</param>
    public static BrokerBuilder AddDialect(this BrokerBuilder broker, string name, Func<IServiceProvider, DialectRoute?> route) =>
        broker.AddDialect(name, provider => route(provider) is { } only ? [only] : (IEnumerable<DialectRoute>)[]);

    /// <param name="name">The dialect's own, as listeners' settings call it.</param>
    /// <param name="routes">None when the settings switch the dialect off.</param>
    public static BrokerBuilder AddDialect(this BrokerBuilder broker, string name, Func<IServiceProvider, IEnumerable<DialectRoute>> routes)
    {
        ArgumentNullException.ThrowIfNull(broker);
        broker.Services.AddSingleton(new DialectName(name));
        broker.Services.AddSingleton(provider => new DialectSetup([.. routes(provider)]));
        return broker;
    }

    private static HttpApiOptions HttpApiOptions(BrokerOptions options) => new()
    {
        App = AppDirectory.Default,
        JsonDepth = options.Limits.JsonDepth,
        BatchEntries = options.Limits.BatchEntries,
        DataBytes = options.Limits.FrameBytes,
    };

    private static EventStreamOptions EventStreamOptions(BrokerOptions options, LocalNode node) => new()
    {
        KeepAliveMs = (long)options.Sse.KeepAlive.TotalMilliseconds,
        RetryMs = (int)options.Sse.Retry.TotalMilliseconds,
        OutboxBytes = node.OutboxBytes,
    };

    private static Rocket.RocketWsOptions RocketWsOptions(BrokerOptions options) => new()
    {
        Path = RocketWsPath,
        App = AppDirectory.Default,
        Version = options.RocketWs.Version,
        SourceToken = options.RocketWs.SourceToken,
        LegacyReplyText = options.RocketWs.LegacyReplyText,
        NotifyAllOncePerClient = options.RocketWs.NotifyAllOncePerClient,
        JsonDepth = options.Limits.JsonDepth,
        BatchRequests = options.Limits.BatchEntries,
    };
}
