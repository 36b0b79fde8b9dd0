using System.ComponentModel.DataAnnotations;

namespace Broker.Actors.Dialects.RocketWs;

/// <summary>Settings of the RocketWS dialect, <c>Broker:RocketWs</c>.</summary>
public sealed class RocketWsOptions
{
    /// <summary>Where it is served: WebSocket clients, and the message source by POST. Default <c>/rocketws</c>.</summary>
    [Required]
    public string Path { get; set; } = "/rocketws";

    /// <summary>The app whose channels its clients mean. Default <c>default</c>.</summary>
    [Required]
    public string App { get; set; } = "default";

    /// <summary>The protocol's version, <c>0.2</c> or <c>0.1</c>, for clients that do not ask for one by <c>?v=</c>. Default <c>0.2</c>.</summary>
    [AllowedValues(RocketWsVersions.Text02, RocketWsVersions.Text01)]
    public string Version { get; set; } = RocketWsVersions.Text02;

    /// <summary>What backends send as <c>Authorization: Bearer</c> to the message source, or <c>sha256:</c> and its hash. Without it the source is open, on loopback only.</summary>
    public string? SourceToken { get; set; }

    /// <summary>Whether the message source answers with Python's text instead of JSON, as the original did. Default false.</summary>
    public bool LegacyReplyText { get; set; }

    /// <summary>Whether <c>notify_all</c> sends one copy to a client of several channels, instead of one per channel. Default false.</summary>
    public bool NotifyAllOncePerClient { get; set; }

    /// <summary>Levels of objects and arrays in a message; a deeper one is answered by a parse error. Default 64.</summary>
    [Range(8, 1_000)]
    public int JsonDepth { get; set; } = 64;

    /// <summary>Requests of one batch; a larger one is refused as a whole. Default 1,000.</summary>
    [Range(1, 100_000)]
    public int BatchRequests { get; set; } = 1_000;

    /// <summary>Calls of one connection that may wait for their answer; one more closes it. Default 16,384.</summary>
    [Range(16, 1_000_000)]
    public int OwedReplies { get; set; } = 16_384;
}
