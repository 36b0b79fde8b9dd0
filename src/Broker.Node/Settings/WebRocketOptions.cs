using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Broker.Node.Settings;

/// <summary>The WebRocket dialect. While it has no hub there is one at <c>/webrocket</c> for local clients, open, of the app <c>default</c> as long as that has no credentials.</summary>
public sealed class WebRocketOptions
{
    /// <summary>
    /// Channels of hubs' apps that this node knows to have been there, once nobody is in them and their history is over; with more the oldest
    /// are forgotten, and publishing to them is answered as if they had never been. Some 40 bytes each. Default 1,048,576.
    /// </summary>
    [Range(1_024, 1 << 30)]
    public int RememberedChannels { get; set; } = 1 << 20;

    [ValidateEnumeratedItems]
    public IList<HubOptions> Hubs { get; } = [];
}
