using Microsoft.Extensions.FileProviders;

namespace Broker.Node.WebRocket;

/// <summary>A file of the original's form as a source of settings: of its hubs, which can be read again.</summary>
internal sealed class RocketFileSource : FileConfigurationSource
{
    /// <param name="path">Of a file that is there.</param>
    public RocketFileSource(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        FileProvider = new PhysicalFileProvider(System.IO.Path.GetDirectoryName(full)!, Microsoft.Extensions.FileProviders.Physical.ExclusionFilters.None);
        Path = System.IO.Path.GetFileName(full);
    }

    public override IConfigurationProvider Build(IConfigurationBuilder builder)
    {
        EnsureDefaults(builder);
        return new Provider(this);
    }

    private sealed class Provider(RocketFileSource source) : FileConfigurationProvider(source)
    {
        public override void Load(Stream stream) => Data = new Dictionary<string, string?>(RocketFile.Read(stream).Settings(), StringComparer.OrdinalIgnoreCase);
    }
}
