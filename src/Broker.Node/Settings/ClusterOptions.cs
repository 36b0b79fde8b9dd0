using System.ComponentModel.DataAnnotations;
using Broker.Messages;

namespace Broker.Node.Settings;

/// <summary>What joins nodes to a cluster. <c>PostgreSql</c> and <c>RabbitMq</c> together make the node one of several; without them it is alone.</summary>
public sealed class ClusterOptions
{
    /// <summary>
    /// How PostgreSQL is reached, which says who owns what, such as <c>Host=db;Database=broker;Username=broker;Password=...</c>. A direct
    /// connection: no pooler in between. Default none: a node alone.
    /// </summary>
    [Secret]
    [StringLength(4_096)]
    public string? PostgreSql { get; set; }

    /// <summary>
    /// How RabbitMQ is reached, which carries what nodes say to each other: <c>amqp://user:password@host:5672/vhost</c>, or <c>amqps</c>; several nodes of
    /// one RabbitMQ cluster are separated by commas. Default none: a node alone.
    /// </summary>
    [Secret]
    [StringLength(4_096)]
    public string? RabbitMq { get; set; }

    /// <summary>
    /// Shards that the channels are spread over, the same on every node. Written into the database by the first node, and fixed from then on: a node with another
    /// number is not taken in. Some twenty per node keep the work even, more make each take-over of one smaller. Default 256.
    /// </summary>
    [Range(1, 65_536)]
    public int Shards { get; set; } = ShardId.DefaultCount;

    /// <summary>What operators call the node. Default the machine's name.</summary>
    [StringLength(128, MinimumLength = 1)]
    public string? Name { get; set; }

    /// <summary>
    /// Where this node alone is reached, for operators and tools: <c>http://10.0.0.5:9772</c>. Default the first address that it listens on,
    /// with the machine's name where that is every address; none for port 0 and for a unix socket.
    /// </summary>
    [StringLength(512)]
    public string? Url { get; set; }
}
