namespace Broker.Architecture.Tests;

/// <summary>A made-up repository in a folder of its own, gone at the end.</summary>
internal sealed class TemporaryTree : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("broker-house-").FullName;

    public SourceTree Tree => new(Root);

    public TemporaryTree Write(string path, string text)
    {
        var full = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
        return this;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
