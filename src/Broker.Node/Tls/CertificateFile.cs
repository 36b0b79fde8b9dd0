using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Broker.Node.Settings;

namespace Broker.Node.Tls;

/// <summary>Reads a certificate with its chain and its key from PEM.</summary>
internal static class CertificateFile
{
    /// <summary>Reads a certificate that can serve now; null for another, and <paramref name="failure"/> says why.</summary>
    /// <param name="files">Where it is: the certificate's own first, then the intermediate ones; and its private key.</param>
    /// <param name="now">When it must be valid.</param>
    /// <param name="failure">Begins with a verb, and never holds a part of the key.</param>
    public static SslStreamCertificateContext? Read(TlsOptions files, DateTimeOffset now, out CertificateFailure? failure) =>
        TryReadAll(files.CertificateFile!, isOfKey: false, out var certificate, out failure) && TryReadAll(files.KeyFile!, isOfKey: true, out var key, out failure)
            ? Read(certificate, key, now, out failure)
            : null;

    /// <summary>As the other, of what the files hold.</summary>
    public static SslStreamCertificateContext? Read(byte[] certificate, byte[] key, DateTimeOffset now, out CertificateFailure? failure)
    {
        failure = null;
        var chain = new X509Certificate2Collection();
        try
        {
            chain.ImportFromPem(Encoding.ASCII.GetString(certificate));
        }
        catch (CryptographicException)
        {
            chain.Clear();
        }

        if (chain.Count == 0)
        {
            failure = new CertificateFailure(IsOfKey: false, "holds no certificate in PEM.");
            return null;
        }

        var own = chain[0];
        failure = CheckDates(own, now);
        if (failure is not null || WithKey(own, Encoding.ASCII.GetString(key), out failure) is not { } whole)
        {
            return null;
        }

        chain.RemoveAt(0);

        // Offline: a handshake does not wait for what the certificate's issuer has on the web.
        return SslStreamCertificateContext.Create(whole, chain, offline: true);
    }

    /// <summary>False when there is no such file, or none to read.</summary>
    public static bool TryReadAll(string path, bool isOfKey, out byte[] bytes, out CertificateFailure? failure)
    {
        failure = null;
        try
        {
            bytes = File.ReadAllBytes(path);
            return true;
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            bytes = [];
            failure = new CertificateFailure(isOfKey, $"cannot be read. {failed.Message}");
            return false;
        }
    }

    private static CertificateFailure? CheckDates(X509Certificate2 certificate, DateTimeOffset now) =>
        now.UtcDateTime > certificate.NotAfter.ToUniversalTime() ? new(IsOfKey: false, $"has expired, at {certificate.NotAfter.ToUniversalTime():u}.")
        : now.UtcDateTime < certificate.NotBefore.ToUniversalTime() ? new(IsOfKey: false, $"is not valid before {certificate.NotBefore.ToUniversalTime():u}.")
        : null;

    private static X509Certificate2? WithKey(X509Certificate2 certificate, string key, out CertificateFailure? failure)
    {
        failure = null;
        if (key.Contains("ENCRYPTED", StringComparison.Ordinal))
        {
            failure = new CertificateFailure(IsOfKey: true, "is encrypted; the node has no password for it.");
            return null;
        }

        try
        {
            var whole = X509Certificate2.CreateFromPem(certificate.ExportCertificatePem(), key);

            // Windows serves no key that is in memory only.
            return OperatingSystem.IsWindows() ? X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), password: null) : whole;
        }
        catch (Exception wrong) when (wrong is CryptographicException or ArgumentException)
        {
            failure = new CertificateFailure(IsOfKey: true, "holds no private key in PEM that goes with the certificate.");
            return null;
        }
    }
}
