namespace Broker.Transport.Proxies;

/// <summary>Why a connection to a port behind the PROXY protocol is closed, for the log.</summary>
public static class ProxyRefusal
{
    public const string NotTrusted = "it is none of the trusted proxies";

    public const string NoHeader = "it does not begin with a PROXY header of version 2";
}
