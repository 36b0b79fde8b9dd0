using System.ComponentModel.DataAnnotations;

namespace Broker.Node.Settings;

/// <summary>Server-sent events, at <c>/sse</c>.</summary>
public sealed class SseOptions
{
    /// <summary>
    /// Channels of one event stream; a request for more is answered 400. Default 100, at most 500. A client gives the
    /// positions in all of them back in one header, about 24 bytes each.
    /// </summary>
    [Range(1, 500)]
    public int Channels { get; set; } = 100;

    /// <summary>Silence after which a comment is sent, so that proxies see life, as <c>hh:mm:ss</c>. Default 15 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long a browser waits before it connects again, as <c>hh:mm:ss</c>. Each is told half to one and a half of it. Default
    /// 3 seconds.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan Retry { get; set; } = TimeSpan.FromSeconds(3);
}
