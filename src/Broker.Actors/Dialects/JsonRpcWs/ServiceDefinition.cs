namespace Broker.Actors.Dialects.JsonRpcWs;

/// <summary>A service that a node has: its name, its class, its open instances.</summary>
public sealed class ServiceDefinition
{
    private readonly Func<ServiceInstance> _create;
    private int _running;
    private TaskCompletionSource? _empty;

    private ServiceDefinition(string name, ServiceMethods methods, Func<ServiceInstance> create)
    {
        Name = name;
        Methods = methods;
        _create = create;
    }

    /// <summary>As in its path.</summary>
    public string Name { get; }

    public JsonRpcPeers Peers { get; } = new();

    /// <summary>What clients can call, in no order.</summary>
    public IEnumerable<string> Callable => Methods.Names;

    /// <summary>Connections whose service has not ended yet: theirs may have, while a call or the closing still runs.</summary>
    public int Running => Volatile.Read(ref _running);

    internal ServiceMethods Methods { get; }

    /// <summary>Looks at a class; null when something is wrong with it, which <paramref name="problem"/> says.</summary>
    /// <param name="name">As in its path.</param>
    /// <param name="service">The class.</param>
    /// <param name="create">Makes an instance; called on a thread of the pool, once for each connection.</param>
    /// <param name="problem">A sentence's end, to stand behind the class's name.</param>
    public static ServiceDefinition? Create(string name, Type service, Func<ServiceInstance> create, out string? problem)
    {
        ArgumentNullException.ThrowIfNull(service);
        problem = !service.IsSubclassOf(typeof(JsonRpcService)) ? $"is no service: it does not derive from {typeof(JsonRpcService).FullName}."
            : service.IsAbstract || service.ContainsGenericParameters ? "is abstract or generic, so there can be no instance of it."
            : service.GetConstructors().Length == 0 ? "has no public constructor."
            : null;
        return problem is null && ServiceMethods.Read(service, out problem) is { } methods ? new ServiceDefinition(name, methods, create) : null;
    }

    /// <summary>Completes when there is a moment in which no instance runs.</summary>
    public Task WhenEmpty()
    {
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var empty = Interlocked.CompareExchange(ref _empty, mine, comparand: null) ?? mine;
        if (Running == 0)
        {
            SayEmpty();
        }

#pragma warning disable VSTHRD003 // Completed by the last worker that ends.
        return empty.Task;
#pragma warning restore VSTHRD003
    }

    internal ServiceInstance CreateInstance() => _create();

    internal void Began() => Interlocked.Increment(ref _running);

    internal void Ended()
    {
        if (Interlocked.Decrement(ref _running) == 0)
        {
            SayEmpty();
        }
    }

    private void SayEmpty() => Interlocked.Exchange(ref _empty, value: null)?.TrySetResult();
}
