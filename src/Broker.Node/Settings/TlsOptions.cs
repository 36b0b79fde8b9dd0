namespace Broker.Node.Settings;

/// <summary>A certificate and its key. The files are looked at every 2 seconds; new ones serve new connections, and open ones stay.</summary>
public sealed class TlsOptions
{
    /// <summary>The file of the certificate in PEM, the intermediate ones after it. Default none. Goes with <c>KeyFile</c>.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>The file of its private key in PEM, not encrypted. Default none.</summary>
    public string? KeyFile { get; set; }
}
