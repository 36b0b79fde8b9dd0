using System.ComponentModel.DataAnnotations;
using Broker.Messages;

namespace Broker.Storage.PostgreSql;

/// <summary>The PostgreSQL that nodes share.</summary>
public sealed class PostgreSqlOptions
{
    /// <summary>
    /// How PostgreSQL is reached, in Npgsql's words: <c>Host=db;Database=broker;Username=broker;Password=...</c>. A secret: it is
    /// shown nowhere. With several hosts, separated by commas, the one that takes writes is used.
    /// </summary>
    [Required]
    [ConnectionString]
    public string ConnectionString { get; set; } = "";

    /// <summary>The schema that holds the broker's tables; made on the first start. Clusters that share a database take one each. Default <c>broker</c>.</summary>
    [Required]
    [RegularExpression("^[a-z_][a-z0-9_]{0,62}$", ErrorMessage = "Schema is a name of lower-case letters, digits and underscores, 63 at most.")]
    public string Schema { get; set; } = "broker";

    /// <summary>
    /// Shards of the cluster. Written when the schema is made, and fixed from then on: a node with another number is
    /// refused. Default 256.
    /// </summary>
    [Range(1, 65_536)]
    public int Shards { get; set; } = ShardId.DefaultCount;

    /// <summary>How long an answer is waited for; after it the answer is refused, or in doubt. At most 4 seconds, since a lease is 5. Default 2 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:04")]
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Connections that may be open for commands; one more holds the node's lock. Default 8.</summary>
    [Range(2, 100)]
    public int MaxConnections { get; set; } = 8;
}
