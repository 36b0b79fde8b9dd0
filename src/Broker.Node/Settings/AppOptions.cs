using System.ComponentModel.DataAnnotations;

namespace Broker.Node.Settings;

/// <summary>A tenant: its channels are apart from other apps'.</summary>
public sealed class AppOptions
{
    /// <summary>What clients and namespaces call the app. Default none: it must be set, be unique, and not begin with a dollar sign.</summary>
    [Required]
    [StringLength(128)]
    [RegularExpression("[^$].*")]
    public string Id { get; set; } = "";

    /// <summary>The public half of the app's credentials. Default none: the app is open to everybody.</summary>
    [StringLength(128)]
    public string? Key { get; set; }

    /// <summary>The secret half. Goes with <c>Key</c>. With credentials, anonymous clients may only do what a namespace grants.</summary>
    [StringLength(256)]
    public string? Secret { get; set; }

    /// <summary>Sessions of the app open at a time on this node; one more is answered 503, or refused where it names the app later. Default 0: no limit.</summary>
    [Range(0, 16_000_000)]
    public int Sessions { get; set; }

    /// <summary>The protocol family that the app's owner uses. Default <c>Native</c>, the only one so far.</summary>
    public AppKind Kind { get; set; } = AppKind.Native;
}
