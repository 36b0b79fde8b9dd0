using System.Diagnostics;

namespace Broker.TestKit.Servers;

/// <summary>Erlang's directory of the nodes on this machine. One of the test's own, so that nothing outlives it.</summary>
internal sealed class Epmd : IDisposable
{
    private readonly Process _process;

    private Epmd(Process process, int port)
    {
        _process = process;
        Port = port;
    }

    public int Port { get; }

    public static Epmd Start()
    {
        var port = LoopbackPorts.Free();
        return new Epmd(Process.Start(new ProcessStartInfo("epmd", ["-port", $"{port}", "-address", "127.0.0.1"]))!, port);
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
