namespace Broker.Node.Hosting;

/// <summary>The files that settings come from, and what they said when they were last looked at.</summary>
internal sealed class SettingsFiles
{
    private readonly FileConfigurationProvider[] _files;
    private readonly byte[]?[] _seen;

    public SettingsFiles(IConfiguration configuration)
    {
        _files = [.. ConfigurationSources.Of(configuration).OfType<FileConfigurationProvider>()];
        _seen = [.. _files.Select(Read)];
    }

    public bool AreNone => _files.Length == 0;

    /// <summary>Whether one says something else than the last time.</summary>
    public bool HaveChanged()
    {
        var hasChanged = false;
        for (var i = 0; i < _files.Length; i++)
        {
            var now = Read(_files[i]);
            hasChanged |= !now.AsSpan().SequenceEqual(_seen[i]);
            _seen[i] = now;
        }

        return hasChanged;
    }

    /// <summary>Reads them into the configuration; what is wrong with one that cannot be read, which stays as it was there.</summary>
    public string? Load()
    {
        string? failure = null;
        foreach (var file in _files)
        {
            try
            {
                file.Load();
            }
            catch (Exception wrong) when (wrong is InvalidDataException or IOException or FormatException or UnauthorizedAccessException)
            {
                failure = $"{file.Source.Path} cannot be read. {(wrong.InnerException ?? wrong).Message}";
            }
        }

        return failure;
    }

    /// <summary>Null where there is no such file, or it cannot be read.</summary>
    private static byte[]? Read(FileConfigurationProvider file)
    {
        try
        {
            return file.Source.FileProvider?.GetFileInfo(file.Source.Path ?? "") is { Exists: true, PhysicalPath: { } path } ? File.ReadAllBytes(path) : null;
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
