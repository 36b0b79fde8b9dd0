using System.Xml.Linq;

namespace Broker.Architecture.Tests;

/// <summary>A project with what the Directory.Build files above it add.</summary>
internal sealed class ProjectFile(SourceFile file, IEnumerable<SourceFile> shared)
{
    private readonly XElement[] _documents = [.. shared.Prepend(file).Select(one => XDocument.Parse(one.Text).Root!)];

    public SourceFile File => file;

    public string Name => Path.GetFileNameWithoutExtension(file.Path);

    public string Folder => file.Folder;

    public string RootNamespace => Property("RootNamespace") ?? Name;

    public string AssemblyName => Property("AssemblyName") ?? Name;

    /// <summary>The SDKs of the project file itself: the attribute and the elements.</summary>
    public IEnumerable<string> Sdks =>
        _documents[0].Elements("Sdk").Select(sdk => (string?)sdk.Attribute("Name"))
            .Append((string?)_documents[0].Attribute("Sdk")).OfType<string>();

    /// <summary>All it names by ProjectReference, PackageReference, FrameworkReference, Reference or Using, conditions or not.</summary>
    public IEnumerable<string> References =>
        Items("ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')))
            .Concat(Items("PackageReference"))
            .Concat(Items("FrameworkReference"))
            .Concat(Items("Reference").Select(name => name.Split(',')[0]))
            .Concat(Items("Using"));

    private IEnumerable<string> Items(string kind) =>
        _documents.SelectMany(document => document.Descendants(kind))
            .SelectMany(item => ((string?)item.Attribute("Include") ?? "").Split(';'))
            .Select(include => include.Trim())
            .Where(include => include.Length > 0);

    private string? Property(string name) => _documents.SelectMany(document => document.Descendants(name)).FirstOrDefault()?.Value;
}
