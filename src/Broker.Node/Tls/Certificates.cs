using System.Collections.Concurrent;
using Broker.Node.Settings;
using Microsoft.Extensions.Options;

namespace Broker.Node.Tls;

/// <summary>
/// The certificates of the listeners, one per pair of files. Looks at the files again every <see cref="Interval"/>, at what
/// they say and not at their dates: that sees a file that was replaced, and a link that now leads elsewhere, as Kubernetes
/// changes its secrets.
/// </summary>
internal sealed class Certificates(TimeProvider time, ILoggerFactory loggers) : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly Lock _refreshing = new();
    private readonly ConcurrentDictionary<(string? CertificateFile, string? KeyFile), ServerCertificate> _all = new();

    /// <summary>The certificate of these files, which can serve.</summary>
    /// <exception cref="OptionsValidationException">It cannot.</exception>
    public ServerCertificate Of(TlsOptions files, string setting) => _all.GetOrAdd((files.CertificateFile, files.KeyFile), _ =>
    {
        var certificate = new ServerCertificate(files, time, loggers.CreateLogger<ServerCertificate>());
        return certificate.Reload() is { } failure
            ? throw WrongSettings.Exception([$"{setting}: {(failure.IsOfKey ? files.KeyFile : files.CertificateFile)} {failure.Text}"])
            : certificate;
    });

    /// <summary>Those that listeners use. Any thread.</summary>
    public IEnumerable<ServerCertificate> All => _all.Values;

    /// <summary>Looks at all files now. Any thread.</summary>
    public void Refresh()
    {
        lock (_refreshing)
        {
            foreach (var certificate in _all.Values)
            {
                certificate.Refresh();
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        await using var stop = stoppingToken.Register(timer.Dispose);
        while (await timer.WaitForNextTickAsync(CancellationToken.None))
        {
            Refresh();
        }
    }
}
