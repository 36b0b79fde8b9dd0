using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Broker.Node.Settings;

/// <summary>
/// A tenant: its channels are apart from other apps'. Without credentials (a key, API keys, tokens) it is open to everybody; with some,
/// anonymous clients may only do what a namespace grants.
/// </summary>
public sealed class AppOptions
{
    /// <summary>What clients and namespaces call the app. Default none: it must be set, be unique, and not begin with a dollar sign.</summary>
    [Required]
    [StringLength(128)]
    [RegularExpression("[^$].*")]
    public string Id { get; set; } = "";

    /// <summary>The public half of the app's credentials. Default none.</summary>
    [Secret]
    [StringLength(128)]
    public string? Key { get; set; }

    /// <summary>The secret half. Goes with <c>Key</c>.</summary>
    [Secret]
    [StringLength(256)]
    public string? Secret { get; set; }

    /// <summary>Sessions of the app open at a time on this node; one more is answered 503, or refused where it names the app later. Default 0: no limit.</summary>
    [Range(0, 16_000_000)]
    public int Sessions { get; set; }

    /// <summary>Events that the app's backends together may publish over HTTP and AMQP in a second, and at once, on this node; one more is refused over HTTP, and waits over AMQP. Default 0: any number.</summary>
    [Range(0, 1_000_000_000)]
    public int BackendPublishesPerSecond { get; set; }

    /// <summary>The protocol family that the app's owner uses. Default <c>Native</c>, the only one so far.</summary>
    public AppKind Kind { get; set; } = AppKind.Native;

    /// <summary>
    /// The pages that may connect, by their origin: <c>https://www.example.com</c>, <c>https://*.example.com</c> for every
    /// name below, <c>http://localhost:*</c> for every port, <c>null</c> for files and sandboxes, <c>*</c> for all. Default none named: pages of the node's own
    /// host. Clients that are no browsers send no origin and may always connect.
    /// </summary>
    public IList<string> Origins { get; } = [];

    /// <summary>
    /// What the app's backends send as <c>X-API-Key</c> or <c>Authorization: Bearer</c>; several, so that a new one can come before the old
    /// one goes. 16 characters or more each, or <c>sha256:</c> and the hash in hexadecimal. Default none.
    /// </summary>
    [Secret]
    public IList<string> ApiKeys { get; } = [];

    /// <summary>The keys that sign the app's tokens; several, so that a new one can come before the old one goes. Default none: the app takes no tokens.</summary>
    [ValidateEnumeratedItems]
    public IList<TokenOptions> Tokens { get; } = [];
}
