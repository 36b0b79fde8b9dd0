using System.ComponentModel.DataAnnotations;

namespace Broker.Node.Settings;

/// <summary>How sessions are kept alive.</summary>
public sealed class SessionsOptions
{
    /// <summary>Silence after which a client is asked for a sign of life, as <c>hh:mm:ss</c>. Default 25 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan PingAfter { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary>Time within which it must give one, or it is closed with 3012. Default 20 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan PongWithin { get; set; } = TimeSpan.FromSeconds(20);
}
