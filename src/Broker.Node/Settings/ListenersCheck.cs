using Broker.Node.Connections;
using Broker.Node.Hosting;
using Broker.Node.Origins;
using Broker.Node.Tls;
using Broker.Transport.Proxies;

namespace Broker.Node.Settings;

/// <summary>Checks the settings of what the node listens on, and of who may come in by it.</summary>
/// <param name="dialects">The names that a listener can serve.</param>
/// <param name="time">When certificates must be valid.</param>
internal sealed class ListenersCheck(IEnumerable<DialectName> dialects, TimeProvider time)
{
    private readonly string[] _dialects = [.. dialects.Select(dialect => dialect.Value), .. HttpDialects.All];

    /// <summary>A line per mistake, each beginning with the setting's name.</summary>
    /// <param name="options">All settings.</param>
    /// <param name="apps">The apps that there are.</param>
    public IEnumerable<string> Failures(BrokerOptions options, IEnumerable<string> apps) =>
    [
        .. Urls(options),
        .. options.Listeners.SelectMany((listener, i) => Listener($"Broker:Listeners:{i}", listener, options, apps)),
        .. Certificate("Broker:Tls", options.Tls),
        .. Proxies(options),
        .. options.Apps.SelectMany((app, i) => Origins($"Broker:Apps:{i}:Origins", app.Origins)),
    ];

    private static IEnumerable<string> Urls(BrokerOptions options)
    {
        var text = options.Urls ?? BrokerOptions.DefaultUrls;
        if (ListenUrl.ParseAll(text, out var failure) is not { } urls)
        {
            yield return $"Broker:Urls {failure}";
        }
        else if (options.Listeners.Count == 0 && options.Tls.CertificateFile is null && urls.FirstOrDefault(url => url.IsSecure) is { } secure)
        {
            yield return $"Broker:Urls has \"{secure.Text}\", which needs a certificate: set Broker:Tls:CertificateFile and Broker:Tls:KeyFile.";
        }
    }

    private IEnumerable<string> Listener(string name, ListenerOptions listener, BrokerOptions options, IEnumerable<string> apps)
    {
        var url = ListenUrl.Parse(listener.Url, out var failure);
        if (url is null && listener.Url.Length > 0)
        {
            yield return $"{name}:Url {failure}";
        }

        if (url is { IsSecure: true } && ListenerTable.Tls(options, listener).CertificateFile is null)
        {
            yield return $"{name}:Tls:CertificateFile is missing: https needs one, here or in Broker:Tls.";
        }

        if (url is { IsSecure: false } && listener.Tls.CertificateFile is not null)
        {
            yield return $"{name}:Url must be https, as there is a certificate; it is \"{listener.Url}\".";
        }

        for (var i = 0; i < listener.Dialects.Count; i++)
        {
            string[] known = [.. _dialects, .. options.Dialects.Select(dialect => dialect.Name)];
            if (!known.Contains(listener.Dialects[i], StringComparer.OrdinalIgnoreCase))
            {
                yield return $"{name}:Dialects:{i} must be one of {string.Join(", ", known)}; it is \"{listener.Dialects[i]}\".";
            }
        }

        if (listener.App is { } app && !apps.Contains(app, StringComparer.Ordinal))
        {
            yield return $"{name}:App \"{app}\" is no app; there is {string.Join(", ", apps)}.";
        }

        if (listener.Proxy is { } proxy and not ProxyRule.None && options.TrustedProxies.Count == 0)
        {
            yield return $"{name}:Proxy cannot be {proxy} without Broker:TrustedProxies: nobody's word would count.";
        }

        foreach (var wrong in Certificate(name + ":Tls", listener.Tls))
        {
            yield return wrong;
        }
    }

    private IEnumerable<string> Certificate(string name, TlsOptions files)
    {
        if (files.CertificateFile is null != files.KeyFile is null)
        {
            return [$"{name}:{(files.CertificateFile is null ? "CertificateFile" : "KeyFile")} is missing: a certificate and a key go together."];
        }

        return files.CertificateFile is not null && CertificateFile.Read(files, time.GetUtcNow(), out var failure) is null
            ? [$"{name}:{(failure!.IsOfKey ? "KeyFile" : "CertificateFile")} {failure.Text} It is \"{(failure.IsOfKey ? files.KeyFile : files.CertificateFile)}\"."]
            : [];
    }

    private static IEnumerable<string> Proxies(BrokerOptions options) => options.TrustedProxies
        .Select((entry, i) => (entry, i))
        .Where(proxy => !TrustedProxies.IsEntry(proxy.entry))
        .Select(proxy => $"Broker:TrustedProxies:{proxy.i} must be an address, a network such as 10.0.0.0/8, or unix; it is \"{proxy.entry}\".");

    private static IEnumerable<string> Origins(string name, IList<string> origins) => origins
        .Select((entry, i) => (entry, i))
        .Where(origin => !OriginPattern.TryParse(origin.entry, out _))
        .Select(origin => $"{name}:{origin.i} must be an origin such as https://www.example.com, https://*.example.com or *; it is \"{origin.entry}\".");
}
