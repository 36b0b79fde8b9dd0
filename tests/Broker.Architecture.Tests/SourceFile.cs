namespace Broker.Architecture.Tests;

/// <param name="Path">From the root of the tree, with slashes.</param>
/// <param name="FullPath">Where it is read from.</param>
internal sealed record SourceFile(string Path, string FullPath)
{
    private readonly Lazy<string> _text = new(() => File.ReadAllText(FullPath));
    private readonly Lazy<string> _code = new(() => BareCode.Of(File.ReadAllText(FullPath)));

    public string Folder => Path.Contains('/') ? Path[..Path.LastIndexOf('/')] : "";

    public string Text => _text.Value;

    /// <summary>The C# without comments, strings and directives; every character where it was.</summary>
    public string Code => _code.Value;

    public string At(int index) => $"{Path}:{Text.AsSpan(0, index).Count('\n') + 1}";
}
