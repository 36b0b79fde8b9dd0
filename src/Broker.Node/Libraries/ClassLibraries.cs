using System.Reflection;

namespace Broker.Node.Libraries;

/// <summary>The class libraries that settings name; each file is loaded once.</summary>
internal sealed class ClassLibraries
{
    private readonly Dictionary<string, Assembly> _loaded = new(StringComparer.Ordinal);

    /// <summary>Finds a class; null when something is wrong, which <paramref name="failure"/> says in the settings' names.</summary>
    /// <param name="setting">The entry, <c>Broker:Dialects:0</c>.</param>
    /// <param name="assembly">Its <c>Assembly</c>.</param>
    /// <param name="type">Its <c>Type</c>; null for the only one that there is.</param>
    /// <param name="kind">What the class must be.</param>
    public Type? Find(string setting, string assembly, string? type, Type kind, out string? failure)
    {
        var file = Path.GetFullPath(assembly);
        if (!File.Exists(file))
        {
            failure = $"{setting}:Assembly \"{assembly}\" is not there: no file {file}.";
            return null;
        }

        try
        {
            return Find(setting, Load(file), type, kind, out failure);
        }
        catch (Exception wrong) when (wrong is BadImageFormatException or FileLoadException or FileNotFoundException or TypeLoadException)
        {
            failure = $"{setting}:Assembly \"{assembly}\" cannot be loaded: {wrong.Message}";
            return null;
        }
    }

    private static Type? Find(string setting, Assembly assembly, string? name, Type kind, out string? failure)
    {
        var file = Path.GetFileName(assembly.Location);
        var found = assembly.GetExportedTypes().Where(type => kind.IsAssignableFrom(type) && type is { IsAbstract: false, ContainsGenericParameters: false }).ToArray();
        var names = string.Join(", ", found.Select(type => type.FullName));
        var meant = string.IsNullOrEmpty(name) ? found : [.. found.Where(type => type.FullName == name)];
        failure = meant.Length == 1 ? null
            : found.Length == 0 ? $"{setting}:Assembly {file} has no public class that is {kind.FullName}."
            : string.IsNullOrEmpty(name) ? $"{setting}:Type must say which one of {file} is meant: {names}."
            : $"{setting}:Type \"{name}\" is none of {file} that is {kind.FullName}; there is {names}.";
        return failure is null ? meant[0] : null;
    }

    private Assembly Load(string file)
    {
        if (!_loaded.TryGetValue(file, out var assembly))
        {
            assembly = new LibraryContext(file).LoadFromAssemblyPath(file);
            _loaded.Add(file, assembly);
        }

        return assembly;
    }
}
