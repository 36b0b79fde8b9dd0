using System.Collections.Frozen;
using System.Net;
using Broker.Node.Hosting;
using Broker.Node.Settings;
using Broker.Node.Tls;
using Broker.Transport.Proxies;

namespace Broker.Node.Connections;

/// <summary>One address that the node listens on, and what is served there. Put on every connection that comes in by it.</summary>
internal sealed class Listener
{
    private readonly TrustedProxies _proxies;

    /// <param name="setting">The setting that asked for it.</param>
    /// <param name="url">What it says.</param>
    /// <param name="options">What else is said about it.</param>
    /// <param name="proxies">Those of the node.</param>
    /// <param name="certificate">Null for a listener without TLS.</param>
    public Listener(string setting, ListenUrl url, ListenerOptions options, TrustedProxies proxies, ServerCertificate? certificate)
    {
        Setting = setting;
        Url = url;
        App = options.App;
        Certificate = certificate;
        Proxy = options.Proxy ?? (proxies.IsEmpty ? ProxyRule.None : ProxyRule.XForwardedFor);
        Dialects = options.Dialects.Count == 0 ? null : options.Dialects.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        _proxies = proxies;
        IsLoopback = url.IsLoopback && Proxy == ProxyRule.None && proxies.IsEmpty;
    }

    /// <summary>For messages: <c>Broker:Listeners:0:Url</c>.</summary>
    public string Setting { get; }

    public ListenUrl Url { get; }

    /// <summary>The app that everything here means; null where each dialect says.</summary>
    public string? App { get; }

    public ServerCertificate? Certificate { get; }

    public ProxyRule Proxy { get; }

    /// <summary>The names of what is served; null for everything.</summary>
    public FrozenSet<string>? Dialects { get; }

    /// <summary>Whether it is bound to loopback, and no setting speaks of a proxy: what is open on loopback only is open here.</summary>
    public bool IsLoopback { get; }

    /// <summary>Who must begin with a PROXY header; null where none is expected.</summary>
    public TrustedProxies? Greeters => Proxy == ProxyRule.ProxyProtocol ? _proxies : null;

    public IEnumerable<EndPoint> EndPoints => Url.SocketPath is null
        ? Url.Addresses.Select(address => new ListenEndPoint(this, address, Url.Port))
        : [new System.Net.Sockets.UnixDomainSocketEndPoint(Url.SocketPath)];

    public bool Serves(string dialect) => Dialects?.Contains(dialect) != false;

    /// <summary>Who the client of a request is: the peer, or whom trusted proxies name in the header that this listener goes by.</summary>
    /// <param name="peer">The other end of the connection, or whom its PROXY header named.</param>
    /// <param name="values">Gives the lines of a header.</param>
    public IPEndPoint ClientOf(IPEndPoint peer, Func<string, IEnumerable<string>> values) => Proxy switch
    {
        ProxyRule.XForwardedFor => ForwardedFor.Find(peer, values("X-Forwarded-For"), isStandard: false, _proxies),
        ProxyRule.Forwarded => ForwardedFor.Find(peer, values("Forwarded"), isStandard: true, _proxies),
        _ => peer,
    };
}
