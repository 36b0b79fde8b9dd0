using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Broker.Node.Tests.Nodes;

/// <summary>A self-signed certificate for localhost and 127.0.0.1, and its key, in two files of a folder of their own.</summary>
public sealed class TestCertificate : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("broker-certificate-").FullName;

    public TestCertificate() => Write(Create());

    /// <summary>For tests that care for none in particular; lives as long as the process.</summary>
    public static TestCertificate Shared { get; } = new();

    public string Folder => _folder;

    public string CertificatePath => Path.Combine(_folder, "tls.crt");

    public string KeyPath => Path.Combine(_folder, "tls.key");

    public string Thumbprint { get; private set; } = "";

    /// <summary>What clients take for the node's: every certificate of this kind.</summary>
    public static bool IsOne(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) => certificate?.Subject == "CN=localhost";

    /// <param name="from">Days from now.</param>
    /// <param name="to">Days from now.</param>
    public static (string Certificate, string Key, string Thumbprint) Create(int from = -1, int to = 90, bool isEcdsa = false)
    {
        using AsymmetricAlgorithm key = isEcdsa ? ECDsa.Create(ECCurve.NamedCurves.nistP256) : RSA.Create(2048);
        var request = key is ECDsa ecdsa
            ? new CertificateRequest("CN=localhost", ecdsa, HashAlgorithmName.SHA256)
            : new CertificateRequest("CN=localhost", (RSA)key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddDnsName("broker.internal");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(from), DateTimeOffset.UtcNow.AddDays(to));
        return (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem(), certificate.Thumbprint);
    }

    /// <summary>Puts another certificate in the place of this one.</summary>
    public void Write((string Certificate, string Key, string Thumbprint) created)
    {
        File.WriteAllText(CertificatePath, created.Certificate);
        File.WriteAllText(KeyPath, created.Key);
        Thumbprint = created.Thumbprint;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
