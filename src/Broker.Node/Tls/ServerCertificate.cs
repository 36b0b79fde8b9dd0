using System.Net.Security;
using Broker.Node.Settings;

namespace Broker.Node.Tls;

/// <summary>
/// A certificate that serves new connections until its files hold another one that can. Open connections keep what they
/// began with.
/// </summary>
internal sealed partial class ServerCertificate(TlsOptions files, TimeProvider time, ILogger<ServerCertificate> logger)
{
    private volatile SslStreamCertificateContext? _current;
    private byte[]? _certificateBytes;
    private byte[]? _keyBytes;

    /// <summary>Where it comes from.</summary>
    public TlsOptions Files => files;

    /// <summary>What a handshake is to use, also the intermediate certificates. Any thread.</summary>
    /// <exception cref="InvalidOperationException">It was never loaded.</exception>
    public SslStreamCertificateContext Current => _current ?? throw new InvalidOperationException("The certificate was not loaded.");

    /// <summary>Reads the files, if they say something else than when they were last read. One caller at a time.</summary>
    /// <returns>Why they cannot serve, the first time that they are seen so; then the certificate stays the one it was.</returns>
    public CertificateFailure? Reload()
    {
        CertificateFile.TryReadAll(files.Certificate!, isOfKey: false, out var certificate, out var failure);
        CertificateFile.TryReadAll(files.Key!, isOfKey: true, out var key, out var keyFailure);
        if (certificate.AsSpan().SequenceEqual(_certificateBytes) && key.AsSpan().SequenceEqual(_keyBytes))
        {
            return null;
        }

        (_certificateBytes, _keyBytes) = (certificate, key);
        failure ??= keyFailure;
        if (failure is null && CertificateFile.Read(certificate, key, time.GetUtcNow(), out failure) is { } read)
        {
            _current = read;
            var validUntil = read.TargetCertificate.NotAfter.ToUniversalTime();
            LogServing(files.Certificate!, read.TargetCertificate.Subject, validUntil);
        }

        return failure;
    }

    /// <summary>Reloads, and says in the log when that fails.</summary>
    public void Refresh()
    {
        if (Reload() is { } failure)
        {
            LogKept(failure.IsOfKey ? files.Key! : files.Certificate!, failure.Text);
        }
    }

    [LoggerMessage(EventId = 4111, Level = LogLevel.Information, Message = "Serving the certificate of {File}: {Subject}, valid until {NotAfter:u}")]
    private partial void LogServing(string file, string subject, DateTime notAfter);

    [LoggerMessage(EventId = 4112, Level = LogLevel.Error, Message = "The new certificate does not serve, and the old one stays: {File} {Failure}")]
    private partial void LogKept(string file, string failure);
}
