using System.ComponentModel.DataAnnotations;

namespace Broker.Node.Settings;

/// <summary>Who may read <c>/metrics</c>. Whoever has the token of <c>Broker:Admin</c> always may.</summary>
public sealed class MetricsOptions
{
    /// <summary>
    /// What a scraper must send, as <c>Authorization: Bearer</c>; or <c>sha256:</c> and its SHA-256 in hex. At least 16
    /// characters. Default none: then it is open on loopback, and closed elsewhere unless <c>Open</c> says otherwise.
    /// </summary>
    [Secret]
    [StringLength(1_024, MinimumLength = 16)]
    public string? Token { get; set; }

    /// <summary>Whether everybody who reaches the node may read it: for a network that only operators reach. Default false.</summary>
    public bool Open { get; set; }
}
