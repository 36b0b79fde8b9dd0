using System.ComponentModel.DataAnnotations;

namespace Broker.Cluster.RabbitMq;

/// <summary>How a node uses RabbitMQ as its bus.</summary>
public sealed class RabbitMqOptions
{
    /// <summary>
    /// Where RabbitMQ is: <c>amqp://user:password@host:5672/virtual-host</c>, or <c>amqps://</c> for TLS (port 5671). Nodes of one
    /// RabbitMQ cluster are separated by commas; the later ones may leave out user, password and virtual host. A secret: never logged.
    /// </summary>
    [Required(AllowEmptyStrings = false)]
    public string ConnectionString { get; set; } = "";

    /// <summary>A PEM file with the authorities that RabbitMQ's certificate must come from. Default: the machine's.</summary>
    public string? CertificateAuthorityFile { get; set; }

    /// <summary>What RabbitMQ's own tools show for this node's connections. Default <c>broker</c>.</summary>
    [Required(AllowEmptyStrings = false), StringLength(100)]
    public string ConnectionName { get; set; } = "broker";

    /// <summary>The fanout exchange for what all nodes should know. Nodes that share it are one cluster. Default <c>broker.news</c>.</summary>
    [Required(AllowEmptyStrings = false), StringLength(127), RegularExpression("[a-zA-Z0-9._:-]+")]
    public string NewsExchange { get; set; } = "broker.news";

    /// <summary>Bytes that may wait in this node for RabbitMQ to take them; more is refused. Default 16 MiB.</summary>
    [Range(1 << 20, 1 << 30)]
    public int SendBytes { get; set; } = 16 << 20;

    /// <summary>Bytes that may wait in RabbitMQ for this node; what is sent to it then is lost, and sent again by the link. Default 64 MiB.</summary>
    [Range(1 << 20, 1 << 30)]
    public int QueueBytes { get; set; } = 64 << 20;

    /// <summary>Messages that RabbitMQ hands to this node before it has dealt with the first. Default 128.</summary>
    [Range(8, 10_000)]
    public int Prefetch { get; set; } = 128;

    /// <summary>A connection that is silent for twice as long is given up. Default 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long connecting to one RabbitMQ node, and each of its answers, may take. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long RabbitMQ may leave a message unread before the connection is given up, unless it says that it is short of memory. Default 4 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan PublishTimeout { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>The longest pause between two attempts to connect; the first are a tenth of a second apart. Default 0.5 s: a node that was cut off for less than three seconds is to be back before its members leave.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan MaxReconnectDelay { get; set; } = TimeSpan.FromMilliseconds(500);
}
