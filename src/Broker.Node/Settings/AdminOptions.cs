using System.ComponentModel.DataAnnotations;

namespace Broker.Node.Settings;

/// <summary>The operators' API, <c>/admin/api</c>.</summary>
public sealed class AdminOptions
{
    /// <summary>
    /// What operators must send, as <c>Authorization: Bearer</c>; or <c>sha256:</c> and its SHA-256 in hex. At least 16
    /// characters. Default none: then there is no <c>/admin/api</c>.
    /// </summary>
    [Secret]
    [StringLength(1_024, MinimumLength = 16)]
    public string? Token { get; set; }
}
