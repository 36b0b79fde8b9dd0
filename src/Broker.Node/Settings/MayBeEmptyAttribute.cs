namespace Broker.Node.Settings;

/// <summary>A text that says something by being empty. Elsewhere an empty value is as good as none.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MayBeEmptyAttribute : Attribute;
