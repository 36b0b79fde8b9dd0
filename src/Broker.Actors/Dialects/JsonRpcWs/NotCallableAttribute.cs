namespace Broker.Actors.Dialects.JsonRpcWs;

/// <summary>Keeps a public method of a <see cref="JsonRpcService"/> from clients: to them it is an unknown one.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NotCallableAttribute : Attribute;
