using Broker.Actors.Cluster;
using Broker.Messages;
using Npgsql;

namespace Broker.Storage.PostgreSql.Commands;

/// <summary>Takes a node's row away, and its name from among the holders of shards. True when the row was there.</summary>
internal sealed class RemoveNode(Incarnation self) : AuthorityCommand<bool>
{
    private const string Remove = """
        with gone as (
            delete from nodes where incarnation = $1 returning 1
        ), locked as (
            select shard from shards where $1 = any(holders) order by shard for update
        ), changed as (
            update shards set holders = array_remove(holders, $1) from locked where shards.shard = locked.shard returning 1
        ), versioned as (
            update directory_version set version = version + 1 where (select count(*) from changed) > 0
        )
        select count(*) = 1 from gone
        """;

    public override void Write(NpgsqlBatch batch) => batch.Add(Remove, BatchBuilding.Of(self.Value));

    public override ValueTask<Answer<bool>> ReadAsync(NpgsqlDataReader reader) => Verdict.ReadAsync(reader);
}
