using System.ComponentModel.DataAnnotations;

namespace Broker.Node.Settings;

/// <summary>How tokens are read, in all apps. Their keys are the apps' own: <c>Broker:Apps:N:Tokens:N</c>.</summary>
public sealed class TokensOptions
{
    /// <summary>How far the clock of whoever signs may be from the node's, as <c>hh:mm:ss</c>. Default 10 seconds, at most 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan Leeway { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Characters of a token; a longer one is refused unread. Default 8,192.</summary>
    [Range(256, 65_536)]
    public int Length { get; set; } = 8_192;

    /// <summary>How long before its token expires a connection is told so, as <c>hh:mm:ss</c>. Default 30 seconds; one with less left is not told.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan NoticeBefore { get; set; } = TimeSpan.FromSeconds(30);
}
