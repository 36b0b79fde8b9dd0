namespace Broker.Node.Tests.Nodes;

/// <summary>A project of samples/, built, in its own folder.</summary>
internal static class SampleLibrary
{
    /// <summary>The file of the library.</summary>
    /// <param name="name">What its project's name ends in: <c>Chat</c>.</param>
    public static string PathOf(string name)
    {
        // bin/Debug/net10.0, as these tests were built.
        var built = Path.GetRelativePath(Path.Combine(Repository.Root, "tests", "Broker.Node.Tests"), AppContext.BaseDirectory);
        return Path.GetFullPath(Path.Combine(Repository.Root, "samples", "Broker.Samples." + name, built, $"Broker.Samples.{name}.dll"));
    }

    /// <summary>The settings that serve it as a service.</summary>
    public static (string, string)[] AsService(string library, string name, int number = 0) =>
    [
        ($"Broker:JsonRpc:Services:{number}:Name", name),
        ($"Broker:JsonRpc:Services:{number}:Assembly", PathOf(library)),
    ];

    /// <summary>The settings that serve it as a dialect.</summary>
    public static (string, string)[] AsDialect(string library, string name) =>
    [
        ("Broker:Dialects:0:Name", name),
        ("Broker:Dialects:0:Assembly", PathOf(library)),
    ];
}
