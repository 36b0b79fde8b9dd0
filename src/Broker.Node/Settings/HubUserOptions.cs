using System.ComponentModel.DataAnnotations;

namespace Broker.Node.Settings;

/// <summary>Somebody who authenticates by version 2.</summary>
public sealed class HubUserOptions
{
    /// <summary>What the client calls itself. Default none: it must be set, and be the hub's only one of the name.</summary>
    [Required]
    [StringLength(128)]
    public string Name { get; set; } = "";

    /// <summary>The user's secret, or <c>sha256:</c> and its hash in hexadecimal. Empty takes any secret. Default none: it must be set.</summary>
    [Secret]
    [MayBeEmpty]
    [Required(AllowEmptyStrings = true)]
    [StringLength(1_024)]
    public string? Secret { get; set; }

    /// <summary>The sum of what the user may do: 1 read, 2 write, 4 manage (which does nothing in version 2). Default none: it must be set.</summary>
    [Range(1, 7)]
    public int Permission { get; set; }
}
