using System.Diagnostics;

namespace Broker.TestKit.Servers;

/// <summary>PostgreSQL's programs on this machine. They serve as the user postgres where the test is root, since none of them serves root.</summary>
internal sealed class PostgreSqlPrograms
{
    private const string User = "postgres";
    private const string Versions = "/usr/lib/postgresql";

    private readonly string _folder;

    private PostgreSqlPrograms(string folder) => _folder = folder;

    private static bool IsRoot => Environment.IsPrivilegedProcess;

    /// <summary>The newest; Debian keeps each in a folder of its own.</summary>
    public static PostgreSqlPrograms Find()
    {
        var folders = (Directory.Exists(Versions) ? Directory.GetDirectories(Versions) : [])
            .OrderByDescending(folder => Version.TryParse(Path.GetFileName(folder) + ".0", out var version) ? version : new Version(0, 0))
            .Select(folder => Path.Combine(folder, "bin"))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries));
        return new PostgreSqlPrograms(
            folders.FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")))
            ?? throw new InvalidOperationException("PostgreSQL is not on this machine: ./test installs it, as root on Debian or Ubuntu"));
    }

    public static ProcessStartInfo Signal(string signal, IEnumerable<int> processes) =>
        new("kill", ["-s", signal, "--", .. processes.Select(process => $"{process}")]);

    /// <summary>As whoever runs the test.</summary>
    public ProcessStartInfo Run(string program, IEnumerable<string> arguments) => new(Path.Combine(_folder, program), arguments);

    /// <summary>As the user who owns the data. The process is the program itself, so that a signal reaches it.</summary>
    public ProcessStartInfo Serve(string program, IEnumerable<string> arguments)
    {
        var path = Path.Combine(_folder, program);
        var run = IsRoot
            ? new ProcessStartInfo("setpriv", [$"--reuid={User}", $"--regid={User}", "--init-groups", path, .. arguments])
            : new ProcessStartInfo(path, arguments);
        run.WorkingDirectory = "/";   // the test's own may be closed to that user
        return run;
    }

    /// <summary>Lets that user have the folder.</summary>
    public ProcessStartInfo Give(string folder) => IsRoot ? new("chown", [User, folder]) : new("chmod", ["0700", folder]);
}
