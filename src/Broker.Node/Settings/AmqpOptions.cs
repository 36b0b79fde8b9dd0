using System.ComponentModel.DataAnnotations;

namespace Broker.Node.Settings;

/// <summary>Messages of backends over AMQP: docs/amqp.md.</summary>
public sealed class AmqpOptions
{
    /// <summary>Whether the node takes messages from RabbitMQ. Whoever may write to the exchange is a backend of the apps. Default false.</summary>
    public bool Enabled { get; set; }

    /// <summary>
    /// How RabbitMQ is reached: <c>amqp://user:password@host:5672/vhost</c>, or <c>amqps</c>; several nodes of one RabbitMQ cluster are separated by
    /// commas. Default that of <c>Broker:Cluster:RabbitMq</c>.
    /// </summary>
    [Secret]
    [StringLength(4_096)]
    public string? RabbitMq { get; set; }

    /// <summary>The topic exchange that backends publish to; made where it is missing. Default <c>broker.publish</c>.</summary>
    [Required]
    [StringLength(127)]
    [RegularExpression("[a-zA-Z0-9._:-]+", ErrorMessage = "The field {0} must be of letters, digits and . _ : -")]
    public string Exchange { get; set; } = "broker.publish";

    /// <summary>
    /// The queue behind it, made where it is missing. Nodes with the same queue are one source. Messages that can never be published go to the queue of
    /// this name with <c>.dead</c> behind it. Default <c>broker.publish</c>.
    /// </summary>
    [Required]
    [StringLength(122)]
    [RegularExpression("[a-zA-Z0-9._:-]+", ErrorMessage = "The field {0} must be of letters, digits and . _ : -")]
    public string Queue { get; set; } = "broker.publish";

    /// <summary>Messages that RabbitMQ hands to a node before the first is acknowledged. As many channels go side by side at most. Default 256.</summary>
    [Range(1, 10_000)]
    public int Prefetch { get; set; } = 256;

    /// <summary>The apps that messages may name. Default none: any app.</summary>
    public IList<string> Apps { get; } = [];
}
