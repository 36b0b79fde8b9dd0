namespace Broker.Actors.Dialects.JsonRpcWs;

/// <summary>What clients call a method of a <see cref="JsonRpcService"/>, where the rule does not give the name wanted.</summary>
/// <param name="name">The name on the wire, exactly; not empty, and not beginning with <c>_</c>.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class JsonRpcMethodAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
