using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Broker.Node.Hosting;
using Broker.Node.Settings;
using Broker.Node.Tls;
using Broker.Transport.Proxies;

namespace Broker.Node.Connections;

/// <summary>Where the node listens, from the settings.</summary>
internal sealed class ListenerTable
{
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">A certificate has become unreadable since the settings were checked.</exception>
    public ListenerTable(BrokerOptions options, Certificates certificates)
    {
        var proxies = TrustedProxies.Parse(options.TrustedProxies);
        All = [.. Of(options).Select(entry => new Listener(
            entry.Setting, entry.Url, entry.Options, proxies, entry.Url.IsSecure ? certificates.Of(Tls(options, entry.Options), entry.Setting) : null))];
    }

    public IReadOnlyList<Listener> All { get; }

    /// <summary>The listeners of the settings: <c>Broker:Listeners</c>, or where there is none <c>Broker:Urls</c>. Those with a wrong address are left out.</summary>
    public static IEnumerable<(string Setting, ListenUrl Url, ListenerOptions Options)> Of(BrokerOptions options)
    {
        if (options.Listeners.Count == 0)
        {
            var urls = ListenUrl.ParseAll(options.Urls ?? BrokerOptions.DefaultUrls, out _) ?? [];
            return urls.Select(url => ("Broker:Urls", url, new ListenerOptions()));
        }

        return options.Listeners.Select((listener, i) => ($"Broker:Listeners:{i}:Url", ListenUrl.Parse(listener.Url, out _)!, listener))
            .Where(entry => entry.Item2 is not null);
    }

    /// <summary>The certificate's files: the listener's own, or those for all.</summary>
    public static TlsOptions Tls(BrokerOptions options, ListenerOptions listener) =>
        listener.Tls.CertificateFile is null && listener.Tls.KeyFile is null ? options.Tls : listener.Tls;

    public bool TryFind(EndPoint endPoint, [NotNullWhen(true)] out Listener? listener)
    {
        listener = endPoint switch
        {
            ListenEndPoint own => own.Listener,
            UnixDomainSocketEndPoint unix => All.FirstOrDefault(one => one.Url.SocketPath == unix.ToString()),
            _ => null,
        };
        return listener is not null;
    }
}
