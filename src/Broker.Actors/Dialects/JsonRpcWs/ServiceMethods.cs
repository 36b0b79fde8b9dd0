using System.Collections.Frozen;
using System.Reflection;

namespace Broker.Actors.Dialects.JsonRpcWs;

/// <summary>
/// The methods of a service that clients can call: what its own class, and those between it and <see cref="JsonRpcService"/>, have public. Not those of
/// <see cref="JsonRpcService"/> and <see cref="object"/>, overridden ones too, nor what it disposes itself by.
/// </summary>
internal sealed class ServiceMethods
{
    private static readonly Type[] NotForClients = [typeof(IDisposable), typeof(IAsyncDisposable)];

    private readonly FrozenDictionary<string, ServiceMethod> _methods;

    private ServiceMethods(FrozenDictionary<string, ServiceMethod> methods) => _methods = methods;

    public IEnumerable<string> Names => _methods.Keys;

    public ServiceMethod? Find(string name) => _methods.GetValueOrDefault(name);

    /// <summary>Reads a class; null when something is wrong with it, which <paramref name="problem"/> says.</summary>
    /// <param name="service">Derived from <see cref="JsonRpcService"/>.</param>
    /// <param name="problem">A sentence's end, to stand behind the class's name.</param>
    public static ServiceMethods? Read(Type service, out string? problem)
    {
        var methods = new Dictionary<string, ServiceMethod>(StringComparer.Ordinal);
        foreach (var method in Candidates(service))
        {
            var name = MethodName.Of(method);
            problem = ProblemOf(method, name) ?? (methods.ContainsKey(name) ? $"has two methods that clients would call \"{name}\": give one another name by [JsonRpcMethod]." : null);
            if (problem is not null)
            {
                return null;
            }

            methods.Add(name, new ServiceMethod(method));
        }

        problem = null;
        return new ServiceMethods(methods.ToFrozenDictionary(StringComparer.Ordinal));
    }

    private static IEnumerable<MethodInfo> Candidates(Type service)
    {
        var disposing = NotForClients.Where(kind => kind.IsAssignableFrom(service)).SelectMany(kind => service.GetInterfaceMap(kind).TargetMethods).ToArray();
        return service.GetMethods(BindingFlags.Public | BindingFlags.Instance).Where(method =>
            !method.IsSpecialName
            && method.GetBaseDefinition().DeclaringType is { } declaring && declaring != typeof(object) && declaring != typeof(JsonRpcService)
            && !method.IsDefined(typeof(NotCallableAttribute))
            && !disposing.Contains(method)
            && (method.Name[0] != MethodName.Private || method.IsDefined(typeof(JsonRpcMethodAttribute))));
    }

    private static string? ProblemOf(MethodInfo method, string name) =>
        name.Length == 0 || name[0] == MethodName.Private ? $"has the method {method.Name}, whose name for clients, \"{name}\", is empty or begins with _."
        : method.IsGenericMethodDefinition ? $"has the generic method {method.Name}, which cannot be called: make it private, or [NotCallable]."
        : method.GetParameters().FirstOrDefault(IsNotForJson) is { } parameter ? $"has the method {method.Name}, whose parameter {parameter.Name} cannot come from JSON."
        : method.ReturnType.IsByRef || method.ReturnType.IsByRefLike || method.ReturnType.IsPointer ? $"has the method {method.Name}, whose result cannot become JSON."
        : null;

    private static bool IsNotForJson(ParameterInfo parameter) =>
        parameter.ParameterType.IsByRef || parameter.ParameterType.IsByRefLike || parameter.ParameterType.IsPointer;
}
