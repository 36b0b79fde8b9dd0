using System.ComponentModel.DataAnnotations;

namespace Broker.Node.Settings;

/// <summary>How the node goes down on SIGTERM or SIGINT.</summary>
public sealed class DrainOptions
{
    /// <summary>
    /// Time from the signal, as <c>hh:mm:ss</c>, in which the node serves as before while <c>/health/ready</c> says <c>stopping</c>, so that load
    /// balancers send nobody any more. At most 15 seconds. Default 2 seconds.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:15")]
    public TimeSpan PreDrain { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Time over which clients are then asked to reconnect elsewhere, at least a hundred a second; nobody new comes in. At most 20 seconds;
    /// zero asks all at once. Default 5 seconds.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:20")]
    public TimeSpan Window { get; set; } = TimeSpan.FromSeconds(5);
}
