namespace Broker.Node.Settings;

/// <summary>How a listener learns of clients behind a proxy. Only one way counts: a proxy that sets one header may pass a client's forged other one on.</summary>
public enum ProxyRule
{
    /// <summary>There is no proxy: the peer is the client, whatever headers say.</summary>
    None,

    /// <summary>Every connection begins with a PROXY header of version 2, and comes from a trusted proxy; others are closed.</summary>
    ProxyProtocol,

    /// <summary>Trusted proxies append to the header <c>X-Forwarded-For</c>.</summary>
    XForwardedFor,

    /// <summary>Trusted proxies append to the header <c>Forwarded</c> of RFC 7239.</summary>
    Forwarded,
}
