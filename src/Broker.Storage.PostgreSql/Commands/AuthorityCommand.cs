using Broker.Actors.Cluster;
using Npgsql;

namespace Broker.Storage.PostgreSql.Commands;

/// <summary>
/// Statements that are sent at once: one round trip, and one transaction that ends with them, never an open one. Each sees
/// what had been committed when it began, and keeps the locks of those before it.
/// </summary>
internal abstract class AuthorityCommand<T>
{
    /// <summary>True when it changes nothing: then an answer that was lost is no doubt.</summary>
    public virtual bool IsQuestion => false;

    public abstract void Write(NpgsqlBatch batch);

    public abstract ValueTask<Answer<T>> ReadAsync(NpgsqlDataReader reader);
}
