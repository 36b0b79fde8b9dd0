using System.Runtime.InteropServices;

namespace Broker.Transport;

/// <summary>How many files and sockets the process may have open.</summary>
public static partial class OpenFiles
{
    // RLIMIT_NOFILE on Linux.
    private const int Resource = 7;

    /// <summary>Raises the limit to as much as the process may have; null where it cannot be told.</summary>
    public static long? Raise()
    {
        if (!OperatingSystem.IsLinux() || GetLimit(Resource, out var limit) != 0)
        {
            return null;
        }

        if (limit.Soft != limit.Hard)
        {
            var wanted = limit with { Soft = limit.Hard };
            if (SetLimit(Resource, wanted) == 0)
            {
                limit = wanted;
            }
        }

        return (long)Math.Min(limit.Soft, int.MaxValue);
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetLimit(int resource, out Limit limit);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetLimit(int resource, in Limit limit);

    [StructLayout(LayoutKind.Sequential)]
    private record struct Limit(ulong Soft, ulong Hard);
}
