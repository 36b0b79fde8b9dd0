using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Broker.Architecture.Tests;

/// <summary>What the compiled assemblies know: also what came along through another package.</summary>
internal static class AssemblyReferences
{
    public static IEnumerable<string> Violations(IEnumerable<ProjectFile> projects, string folder)
    {
        var all = projects.ToArray();
        var projectOf = all.ToDictionary(project => project.AssemblyName, project => project.Name, StringComparer.Ordinal);
        foreach (var project in all)
        {
            var path = Path.Combine(folder, project.AssemblyName + ".dll");
            if (!File.Exists(path))
            {
                yield return $"{project.Name}: {project.AssemblyName}.dll is not among the built";
                continue;
            }

            foreach (var reference in Read(path))
            {
                if (House.Objection(project.Name, projectOf.GetValueOrDefault(reference, reference)) is { } objection)
                {
                    yield return $"{project.AssemblyName}.dll: {objection}";
                }
            }
        }
    }

    private static string[] Read(string path)
    {
        using var file = File.OpenRead(path);
        using var image = new PEReader(file);
        var metadata = image.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }
}
