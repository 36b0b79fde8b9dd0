using System.Reflection;
using System.Runtime.Loader;

namespace Broker.Node.Libraries;

/// <summary>
/// Where a class library lives: what the node has is the node's, so that both mean the same types; what the node has not comes from the library's own folder, apart
/// from other libraries'. Never unloaded.
/// </summary>
internal sealed class LibraryContext(string file) : AssemblyLoadContext(Path.GetFileNameWithoutExtension(file))
{
    private readonly AssemblyDependencyResolver _resolver = new(file);

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        try
        {
            return Default.LoadFromAssemblyName(assemblyName);
        }
        catch (Exception notOurs) when (notOurs is FileNotFoundException or FileLoadException)
        {
            return _resolver.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path) : null;
        }
    }

    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : 0;
}
