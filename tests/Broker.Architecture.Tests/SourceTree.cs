namespace Broker.Architecture.Tests;

/// <summary>The files of the repository, or of a made-up one, without what builds leave behind.</summary>
internal sealed class SourceTree(string root)
{
    private static readonly string[] NotOurs = ["bin", "obj", "artifacts", "node_modules", ".git", "TestResults"];
    private static readonly string[] CodeFolders = ["src/", "tests/", "bench/", "samples/"];

    private readonly Lazy<SourceFile[]> _files = new(() => Read(root));

    /// <summary>The repository that these tests were built from.</summary>
    public static SourceTree OfThisRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Broker.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException($"No Broker.sln above {AppContext.BaseDirectory}");
        }

        return new SourceTree(folder.FullName);
    }

    public IEnumerable<SourceFile> Files => _files.Value;

    public IEnumerable<SourceFile> Code => Files.Where(file => IsCode(file, ".cs"));

    public IEnumerable<ProjectFile> Projects =>
        Files.Where(file => IsCode(file, ".csproj")).Select(file => new ProjectFile(file, SharedBy(file)));

    public IEnumerable<ProjectFile> SourceProjects => Projects.Where(project => project.File.Path.StartsWith("src/", StringComparison.Ordinal));

    /// <summary>The project whose folder holds the file; null for a file of none.</summary>
    public ProjectFile? ProjectOf(SourceFile file) =>
        Projects.Where(project => file.Path.StartsWith(project.Folder + "/", StringComparison.Ordinal))
            .MaxBy(project => project.Folder.Length);

    private static bool IsCode(SourceFile file, string extension) =>
        file.Path.EndsWith(extension, StringComparison.Ordinal)
        && CodeFolders.Any(folder => file.Path.StartsWith(folder, StringComparison.Ordinal));

    private IEnumerable<SourceFile> SharedBy(SourceFile project) =>
        Files.Where(file => Path.GetFileName(file.Path) is "Directory.Build.props" or "Directory.Build.targets"
            && project.Path.StartsWith(file.Folder.Length == 0 ? "" : file.Folder + "/", StringComparison.Ordinal));

    private static SourceFile[] Read(string root) =>
    [
        .. Walk(new DirectoryInfo(root))
            .Select(file => new SourceFile(Path.GetRelativePath(root, file.FullName).Replace('\\', '/'), file.FullName))
            .OrderBy(file => file.Path, StringComparer.Ordinal),
    ];

    private static IEnumerable<FileInfo> Walk(DirectoryInfo folder) =>
        folder.EnumerateFiles().Concat(folder.EnumerateDirectories()
            .Where(inner => !NotOurs.Contains(inner.Name) && inner.LinkTarget is null)
            .SelectMany(Walk));
}
