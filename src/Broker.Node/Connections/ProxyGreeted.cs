namespace Broker.Node.Connections;

/// <summary>Put on a connection whose PROXY header has been read already.</summary>
internal sealed class ProxyGreeted
{
    private ProxyGreeted()
    {
    }

    public static ProxyGreeted Instance { get; } = new();
}
