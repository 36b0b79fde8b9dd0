using System.Text.RegularExpressions;
using Broker.Actors.Dialects.JsonRpcWs;
using Broker.Node.Apps;
using Broker.Node.Hosting;
using Broker.Node.Libraries;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Broker.Node.JsonRpc;

/// <summary>Services written in C#, called by JSON-RPC 1.0: docs/jsonrpc.md.</summary>
public static partial class JsonRpcDialect
{
    /// <summary>What all services' paths begin with.</summary>
    public const string Path = "/jsonrpc";

    /// <summary>Serves what <see cref="AddJsonRpcService"/> added and what <c>Broker:JsonRpc:Services</c> names, each at <c>/jsonrpc/NAME</c>.</summary>
    public static BrokerBuilder AddJsonRpcDialect(this BrokerBuilder broker)
    {
        ArgumentNullException.ThrowIfNull(broker);
        broker.Services.TryAddSingleton<ClassLibraries>();
        broker.Services.TryAddSingleton(provider => new JsonRpcServices(provider));
        broker.Services.AddHostedService<JsonRpcLifetime>();
        return broker.AddDialect(JsonRpcWsDialect.DialectName, provider => provider.GetRequiredService<JsonRpcServices>().Routes());
    }

    /// <summary>Adds a service; before or after the dialect itself.</summary>
    /// <typeparam name="TService">Its one public constructor may ask for whatever the host provides; instances are made in a scope of their own.</typeparam>
    /// <param name="name">It is served at <c>/jsonrpc/NAME</c>: lower-case letters, digits, <c>-</c> and <c>_</c>.</param>
    /// <param name="app">The app whose channels it means.</param>
    public static IServiceCollection AddJsonRpcService<TService>(this IServiceCollection services, string name, string app = AppDirectory.Default)
        where TService : JsonRpcService
    {
        if (!Name().IsMatch(name))
        {
            throw new ArgumentException($"A service's name is of lower-case letters, digits, - and _; \"{name}\" is not.", nameof(name));
        }

        return services.AddSingleton(new JsonRpcServiceEntry(name, typeof(TService), app));
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9_-]*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Name();
}
