using System.ComponentModel.DataAnnotations;

namespace Broker.Node.Settings;

/// <summary>What clients of version 1 authenticate with, one secret for each kind of access.</summary>
public sealed class HubCredentialsOptions
{
    /// <summary>The secret of <c>read-only</c>, or <c>sha256:</c> and its hash in hexadecimal. Empty takes any secret. Default none: nobody has that access.</summary>
    [Secret]
    [MayBeEmpty]
    [StringLength(1_024)]
    public string? ReadOnly { get; set; }

    /// <summary>The same of <c>read-write</c>.</summary>
    [Secret]
    [MayBeEmpty]
    [StringLength(1_024)]
    public string? ReadWrite { get; set; }
}
