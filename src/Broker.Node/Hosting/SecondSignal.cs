using System.Runtime.InteropServices;

namespace Broker.Node.Hosting;

/// <summary>A second SIGTERM or SIGINT ends the process at once: whoever asks twice does not want to wait.</summary>
internal sealed class SecondSignal : IHostedService, IDisposable
{
    private readonly List<PosixSignalRegistration> _registrations = [];
    private int _signals;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => Count(143)));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => Count(130)));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());

    // The first one is the host's: it begins to stop.
    private void Count(int exitCode)
    {
        if (Interlocked.Increment(ref _signals) > 1)
        {
            Environment.Exit(exitCode);
        }
    }
}
