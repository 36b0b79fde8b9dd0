namespace Broker.Actors.Cluster;

/// <summary>A link with what its executor knows of the peer.</summary>
internal sealed class PeerLink(Link link, LinkGauge gauge)
{
    public Link Link => link;

    public LinkGauge Gauge => gauge;

    /// <summary>Null while the directory does not name it.</summary>
    public BusAddress? Address { get; set; }

    /// <summary>As the ports were last told.</summary>
    public bool IsUp { get; set; }
}
