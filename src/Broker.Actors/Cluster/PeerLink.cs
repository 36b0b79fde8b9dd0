namespace Broker.Actors.Cluster;

/// <summary>A link with what its executor knows of the peer.</summary>
internal sealed class PeerLink(Link link, LinkLimits limits)
{
    public Link Link => link;

    public LinkGauge Gauge { get; } = new(limits);

    /// <summary>What the peer sent and other loops have not handled.</summary>
    public LinkGauge Backlog { get; } = new(limits);

    /// <summary>Null while the directory does not name it.</summary>
    public BusAddress? Address { get; set; }

    /// <summary>As the ports were last told.</summary>
    public bool IsUp { get; set; }
}
