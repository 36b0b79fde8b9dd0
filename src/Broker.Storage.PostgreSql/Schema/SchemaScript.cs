using System.Globalization;
using System.Reflection;

namespace Broker.Storage.PostgreSql.Schema;

/// <summary>
/// One step of the schema, run once, in order. Nodes of the release before go on working while it is there, so a script adds and
/// leaves what exists alone.
/// </summary>
internal sealed record SchemaScript(int Version, string Sql)
{
    private const string Prefix = "schema/";

    /// <summary>Those of this release.</summary>
    public static IReadOnlyList<SchemaScript> All { get; } = [.. Load()];

    private static IEnumerable<SchemaScript> Load()
    {
        var assembly = typeof(SchemaScript).Assembly;
        return assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => new SchemaScript(
                int.Parse(Path.GetFileNameWithoutExtension(name.AsSpan(Prefix.Length)), CultureInfo.InvariantCulture), Read(assembly, name)))
            .OrderBy(script => script.Version);
    }

    private static string Read(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
