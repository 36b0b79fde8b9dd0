using System.Net.Security;
using Broker.Node.Settings;

namespace Broker.Node.Tls;

/// <summary>
/// A certificate that serves new connections until its files hold another one that can. Open connections keep what they
/// began with.
/// </summary>
internal sealed partial class ServerCertificate(TlsOptions files, TimeProvider time, ILogger<ServerCertificate> logger)
{
    private static readonly TimeSpan NoticeBefore = TimeSpan.FromDays(14);
    private static readonly TimeSpan BetweenNotices = TimeSpan.FromDays(1);

    private volatile SslStreamCertificateContext? _current;
    private byte[]? _certificateBytes;
    private byte[]? _keyBytes;
    private DateTimeOffset _nextNotice;

    /// <summary>Where it comes from.</summary>
    public TlsOptions Files => files;

    /// <summary>What a handshake is to use, also the intermediate certificates. Any thread.</summary>
    /// <exception cref="InvalidOperationException">It was never loaded.</exception>
    public SslStreamCertificateContext Current => _current ?? throw new InvalidOperationException("The certificate was not loaded.");

    /// <summary>How long it is valid yet; negative once it has expired. Any thread.</summary>
    public TimeSpan Remaining => ValidUntil - time.GetUtcNow();

    private DateTimeOffset ValidUntil => new(Current.TargetCertificate.NotAfter.ToUniversalTime());

    /// <summary>Reads the files, if they say something else than when they were last read. One caller at a time.</summary>
    /// <returns>Why they cannot serve, the first time that they are seen so; then the certificate stays the one it was.</returns>
    public CertificateFailure? Reload()
    {
        CertificateFile.TryReadAll(files.CertificateFile!, isOfKey: false, out var certificate, out var failure);
        CertificateFile.TryReadAll(files.KeyFile!, isOfKey: true, out var key, out var keyFailure);
        if (certificate.AsSpan().SequenceEqual(_certificateBytes) && key.AsSpan().SequenceEqual(_keyBytes))
        {
            return null;
        }

        (_certificateBytes, _keyBytes) = (certificate, key);
        failure ??= keyFailure;
        if (failure is null && CertificateFile.Read(certificate, key, time.GetUtcNow(), out failure) is { } read)
        {
            _current = read;
            _nextNotice = default;
            LogServing(files.CertificateFile!, read.TargetCertificate.Subject, ValidUntil);
        }

        return failure;
    }

    /// <summary>Reloads, and says in the log when that fails, and once a day when the certificate has not long to live.</summary>
    public void Refresh()
    {
        if (Reload() is { } failure)
        {
            LogKept(failure.IsOfKey ? files.KeyFile! : files.CertificateFile!, failure.Text);
        }

        Notice(time.GetUtcNow());
    }

    private void Notice(DateTimeOffset now)
    {
        var validUntil = ValidUntil;
        if (now < validUntil - NoticeBefore || now < _nextNotice)
        {
            return;
        }

        _nextNotice = now + BetweenNotices;
        if (now >= validUntil)
        {
            LogExpired(files.CertificateFile!, validUntil);
            return;
        }

        _nextNotice = _nextNotice < validUntil ? _nextNotice : validUntil;
        LogExpiring(files.CertificateFile!, (validUntil - now).Days, validUntil);
    }

    [LoggerMessage(EventId = 4111, Level = LogLevel.Information, Message = "Serving the certificate of {File}: {Subject}, valid until {NotAfter:u}")]
    private partial void LogServing(string file, string subject, DateTimeOffset notAfter);

    [LoggerMessage(EventId = 4112, Level = LogLevel.Error, Message = "The new certificate does not serve, and the old one stays: {File} {Failure}")]
    private partial void LogKept(string file, string failure);

    [LoggerMessage(EventId = 4113, Level = LogLevel.Warning, Message = "The certificate of {File} expires in {Days} days, at {NotAfter:u}: replace it")]
    private partial void LogExpiring(string file, int days, DateTimeOffset notAfter);

    [LoggerMessage(EventId = 4114, Level = LogLevel.Error, Message = "The certificate of {File} expired at {NotAfter:u}, and clients refuse it: replace it")]
    private partial void LogExpired(string file, DateTimeOffset notAfter);
}
