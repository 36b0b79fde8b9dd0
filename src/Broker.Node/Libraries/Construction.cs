namespace Broker.Node.Libraries;

/// <summary>Makes objects of users' classes, whose constructors may ask for whatever the host provides.</summary>
internal static class Construction
{
    /// <summary>Why there can be no instance of a class, as the end of a sentence; null when there can.</summary>
    public static string? ProblemOf(Type type, IServiceProvider provider)
    {
        var constructors = type.GetConstructors();
        if (constructors.Length != 1)
        {
            return constructors.Length == 0 ? "has no public constructor." : "has several public constructors: one must be enough.";
        }

        var known = provider.GetRequiredService<IServiceProviderIsService>();
        return constructors[0].GetParameters().FirstOrDefault(parameter => !parameter.HasDefaultValue && !known.IsService(parameter.ParameterType)) is { } missing
            ? $"asks in its constructor for {missing.ParameterType.FullName}, which this host does not provide."
            : null;
    }
}
