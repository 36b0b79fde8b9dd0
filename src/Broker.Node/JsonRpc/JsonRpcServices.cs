using Broker.Actors.Dialects.JsonRpcWs;
using Broker.Node.Connections;
using Broker.Node.Hosting;
using Broker.Node.Libraries;
using Broker.Node.Settings;

namespace Broker.Node.JsonRpc;

/// <summary>The services of this node, those that code added and those of the settings. Code outside of a service reaches their clients by it.</summary>
public sealed class JsonRpcServices
{
    private readonly IServiceProvider _provider;
    private readonly Dictionary<string, (ServiceDefinition Service, string App)> _services = new(StringComparer.Ordinal);
    private readonly List<string> _failures = [];

    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">Something is wrong with a service or its settings.</exception>
    internal JsonRpcServices(IServiceProvider provider)
    {
        _provider = provider;
        foreach (var entry in provider.GetServices<JsonRpcServiceEntry>())
        {
            Add($"The service \"{entry.Name}\":", entry.Name, entry.Type, entry.App);
        }

        AddFromLibraries(provider.GetRequiredService<BrokerOptions>().JsonRpc.Services, provider.GetRequiredService<ClassLibraries>());
        if (_failures.Count > 0)
        {
            throw WrongSettings.Exception(_failures);
        }
    }

    public IReadOnlyCollection<ServiceDefinition> All => [.. _services.Values.Select(one => one.Service)];

    /// <summary>Null for none of this name.</summary>
    public ServiceDefinition? Find(string name) => _services.TryGetValue(name, out var found) ? found.Service : null;

    internal IEnumerable<DialectRoute> Routes()
    {
        var options = Options(_provider.GetRequiredService<BrokerOptions>());
        var time = _provider.GetRequiredService<TimeProvider>();
        var logger = _provider.GetRequiredService<ILogger<JsonRpcServices>>();
        return _services.Values.Select(one => new DialectRoute(
            $"{JsonRpcDialect.Path}/{one.Service.Name}", new JsonRpcWsDialect(one.Service, options, time, logger), one.App));
    }

    private static JsonRpcWsOptions Options(BrokerOptions options) => new()
    {
        Callbacks = options.JsonRpc.Callbacks,
        CloseOnCallError = options.JsonRpc.CloseOnCallError,
        CallTime = options.JsonRpc.CallTime,
        AnswerTime = options.JsonRpc.AnswerTime,
        QueuedCalls = options.JsonRpc.QueuedCalls,
        QueuedBytes = options.JsonRpc.QueuedBytes,
        OutboxBytes = NodeFactory.OutboxBytes(options.Limits),
        JsonDepth = options.Limits.JsonDepth,
    };

    private void AddFromLibraries(IList<JsonRpcServiceOptions> options, ClassLibraries libraries)
    {
        for (var i = 0; i < options.Count; i++)
        {
            var setting = $"Broker:JsonRpc:Services:{i}";
            if (libraries.Find(setting, options[i].Assembly, options[i].Type, typeof(JsonRpcService), out var failure) is { } type)
            {
                Add($"{setting}:Type", options[i].Name, type, options[i].App);
            }
            else
            {
                _failures.Add(failure!);
            }
        }
    }

    /// <param name="subject">What a message begins with.</param>
    private void Add(string subject, string name, Type type, string app)
    {
        var service = ServiceDefinition.Create(name, type, () => Create(type), out var problem);
        problem ??= Construction.ProblemOf(type, _provider);
        problem ??= _services.ContainsKey(name) ? $"has the name \"{name}\", which another service of this host has." : null;
        if (problem is null)
        {
            _services.Add(name, (service!, app));
        }
        else
        {
            _failures.Add($"{subject} {type.FullName} {problem}");
        }
    }

    private ServiceInstance Create(Type type)
    {
        var scope = _provider.CreateAsyncScope();
        try
        {
            return new ServiceInstance((JsonRpcService)ActivatorUtilities.CreateInstance(scope.ServiceProvider, type), scope);
        }
        catch
        {
            scope.Dispose();
            throw;
        }
    }
}
