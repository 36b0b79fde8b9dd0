using System.ComponentModel.DataAnnotations;

namespace Broker.Cluster.RabbitMq.Source;

/// <summary>How a node takes messages of backends from RabbitMQ.</summary>
public sealed class SourceOptions
{
    /// <summary>Behind the queue's name: what the exchange and the queue of dead letters are called.</summary>
    public const string DeadSuffix = ".dead";

    /// <summary>As <see cref="RabbitMqOptions.ConnectionString"/>. A secret: never logged.</summary>
    [Required(AllowEmptyStrings = false)]
    public string ConnectionString { get; set; } = "";

    /// <summary>What RabbitMQ's own tools show for this node's connections. Default <c>broker source</c>.</summary>
    [Required(AllowEmptyStrings = false), StringLength(100)]
    public string ConnectionName { get; set; } = "broker source";

    /// <summary>The topic exchange that backends publish to. Default <c>broker.publish</c>.</summary>
    [Required(AllowEmptyStrings = false), StringLength(127), RegularExpression("[a-zA-Z0-9._:-]+")]
    public string Exchange { get; set; } = "broker.publish";

    /// <summary>The queue that gets all of it; nodes with the same one are a single source. Default <c>broker.publish</c>.</summary>
    [Required(AllowEmptyStrings = false), StringLength(127), RegularExpression("[a-zA-Z0-9._:-]+")]
    public string Queue { get; set; } = "broker.publish";

    /// <summary>The fanout exchange, and its queue, for messages that can never be published.</summary>
    public string Dead => Queue + DeadSuffix;

    /// <summary>Messages that RabbitMQ hands to this node before the first is settled. Default 256.</summary>
    [Range(1, 10_000)]
    public int Prefetch { get; set; } = 256;

    /// <summary>The app of messages that name none. Default <c>default</c>.</summary>
    public string App { get; set; } = "default";

    /// <summary>Bytes of a message's data at most. Default 64 KiB.</summary>
    public int DataBytes { get; set; } = 64 * 1024;

    /// <summary>Levels of objects and arrays in a message's data. Default 64.</summary>
    public int JsonDepth { get; set; } = 64;

    /// <summary>A connection that is silent for twice as long is given up. Default 2 s.</summary>
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long RabbitMQ may leave an acknowledgement or a dead letter unread, unless it says that it is short of memory. Default 4 s.</summary>
    public TimeSpan PublishTimeout { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>The longest pause between two attempts, to connect or to emit; the first are a tenth of a second apart. Default 2 s.</summary>
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromSeconds(2);
}
