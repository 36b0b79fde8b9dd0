using System.Net.Security;
using System.Security.Authentication;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Broker.Node.Tls;

/// <summary>TLS at a listener.</summary>
internal static class TlsListener
{
    public static void AddCertificates(this IServiceCollection services)
    {
        services.AddSingleton<Certificates>();
        services.AddHostedService(provider => provider.GetRequiredService<Certificates>());
    }

    /// <summary>TLS 1.2 and 1.3, with the certificate of the moment.</summary>
    public static void UseCertificate(this ListenOptions listener, ServerCertificate certificate, TimeSpan handshakeTimeout) =>
        listener.UseHttps(new TlsHandshakeCallbackOptions
        {
            HandshakeTimeout = handshakeTimeout,
            OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions
            {
                ServerCertificateContext = certificate.Current,
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            }),
        });
}
