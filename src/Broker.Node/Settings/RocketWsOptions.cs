using System.ComponentModel.DataAnnotations;

namespace Broker.Node.Settings;

/// <summary>The RocketWS dialect, at <c>/rocketws</c>.</summary>
public sealed class RocketWsOptions
{
    /// <summary>The version that clients speak who do not say (<c>?v=0.1</c>): <c>0.2</c> or <c>0.1</c>. Default 0.2.</summary>
    [AllowedValues("0.2", "0.1", ErrorMessage = "The field {0} must be one of 0.2, 0.1.")]
    public string Version { get; set; } = "0.2";

    /// <summary>
    /// What backends must send with a <c>POST /rocketws</c>, as <c>Authorization: Bearer</c> or <c>X-API-Key</c>; or
    /// <c>sha256:</c> and its hash in hexadecimal. Default none: then the message source is open on loopback, while the app <c>default</c>
    /// has no credentials, and closed elsewhere.
    /// </summary>
    [Secret]
    [StringLength(1_024, MinimumLength = 8)]
    public string? SourceToken { get; set; }

    /// <summary>Whether replies over HTTP are the original's Python text instead of JSON. Default false.</summary>
    public bool LegacyReplyText { get; set; }

    /// <summary>Whether <c>notify_all</c> reaches a client once, instead of once per subscription. Default false, as in the original.</summary>
    public bool NotifyAllOncePerClient { get; set; }
}
