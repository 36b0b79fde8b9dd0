using System.ComponentModel.DataAnnotations;
using Broker.Actors.Dialects.WebRocket;
using Microsoft.Extensions.Options;

namespace Broker.Node.Settings;

/// <summary>
/// A hub: a path with secrets, users and channels of its own. Files of settings are looked at every 2 seconds, and new <c>Credentials</c>,
/// <c>Users</c>, <c>Version</c> and <c>Direct</c> are taken without a restart; clients who came in by what was taken away or changed are closed, with 3005.
/// </summary>
public sealed class HubOptions
{
    /// <summary>Where it is. With a slash at its end, everything below too. Default none: it must be set.</summary>
    [Required]
    [StringLength(256)]
    public string Path { get; set; } = "";

    /// <summary>An app whose channels it shares with other dialects. Default none: its channels are its own, and no other dialect's.</summary>
    [StringLength(128)]
    public string? App { get; set; }

    /// <summary>The version that is spoken, <c>1</c> or <c>2</c>. Default none: clients say by <c>?v=</c>, else by their first message; where it does not show, 2.</summary>
    [AllowedValues(null, WebRocketVersions.Text1, WebRocketVersions.Text2, ErrorMessage = "The field {0} must be one of 1, 2.")]
    public string? Version { get; set; }

    /// <summary>Whether clients of version 2 can send each other messages (<c>direct</c>). Default false, as in the original.</summary>
    public bool Direct { get; set; }

    /// <summary>The pages that may connect to a hub with channels of its own, as <c>Broker:Apps:N:Origins</c>. With <c>App</c> the app's count.</summary>
    public IList<string> Origins { get; } = [];

    [ValidateObjectMembers]
    public HubCredentialsOptions Credentials { get; } = new();

    [ValidateEnumeratedItems]
    public IList<HubUserOptions> Users { get; } = [];
}
