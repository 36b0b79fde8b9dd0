namespace Broker.Node.Settings;

/// <summary>A setting whose value is shown to nobody, not even to an operator. A test asks for it where a name sounds like one.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecretAttribute : Attribute;
