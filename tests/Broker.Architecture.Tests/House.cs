namespace Broker.Architecture.Tests;

/// <summary>Who may know whom. A new project is added here, with a reason in its commit.</summary>
internal static class House
{
    /// <summary>Which of our projects each project may reference, directly or through another.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> MayReference = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["Broker.Messages"] = [],
        ["Broker.Actors"] = ["Broker.Messages"],
        ["Broker.Transport"] = ["Broker.Messages", "Broker.Actors"],
        ["Broker.Cluster.RabbitMq"] = ["Broker.Messages", "Broker.Actors"],
        ["Broker.Storage.PostgreSql"] = ["Broker.Messages", "Broker.Actors"],
        ["Broker.Node"] = ["Broker.Messages", "Broker.Actors", "Broker.Transport", "Broker.Cluster.RabbitMq", "Broker.Storage.PostgreSql"],
        ["Broker.Cli"] = ["Broker.Messages"],
        ["Broker.Client"] = [],
    };

    /// <summary>Libraries that one project keeps away from the others. A name covers what starts with it and a dot.</summary>
    public static readonly IReadOnlyDictionary<string, string> OnlyIn = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Microsoft.AspNetCore"] = "Broker.Node",
        ["OpenTelemetry"] = "Broker.Node",
        ["RabbitMQ.Client"] = "Broker.Cluster.RabbitMq",
        ["Npgsql"] = "Broker.Storage.PostgreSql",
        ["Dapper"] = "Broker.Storage.PostgreSql",
    };

    /// <summary>What a test may need beside the .NET SDK; ./test knows how to get each, and leaves these tests out of its quick part.</summary>
    public static readonly IReadOnlyList<string> Needs = ["server", "browser", "node", "promtool", "proxy", "postgresql", "rabbitmq", "kubectl", "cluster"];

    /// <summary>Why <paramref name="project"/> may not know <paramref name="other"/>, a project, package or assembly; null when it may.</summary>
    public static string? Objection(string project, string other)
    {
        if (!MayReference.TryGetValue(project, out var allowed))
        {
            return $"{project} has no place in the house yet: say in House.cs what it may reference";
        }

        if (other.StartsWith("Broker.", StringComparison.Ordinal))
        {
            return other == project || allowed.Contains(other) ? null : $"{project} may not reference {other}";
        }

        foreach (var (library, owner) in OnlyIn)
        {
            if (project != owner && (other == library || other.StartsWith(library + ".", StringComparison.OrdinalIgnoreCase)))
            {
                return $"{project} may not reference {other}: only {owner} knows {library}";
            }
        }

        return null;
    }
}
