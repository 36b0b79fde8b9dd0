using Broker.Actors.Cluster;
using Broker.Messages;
using Npgsql;

namespace Broker.Storage.PostgreSql.Commands;

/// <summary>Writes a shard's holders, if the term is still the shard's.</summary>
internal sealed class SetHolders(ShardTerm shard, Incarnation[] holders) : AuthorityCommand<bool>
{
    private const string Set = """
        with changed as (
            update shards set holders = $3 where shard = $1 and term = $2 and owner is not null returning shard
        ), versioned as (
            update directory_version set version = version + 1 where (select count(*) from changed) > 0
        )
        select count(*) = 1 from changed
        """;

    public override void Write(NpgsqlBatch batch) => batch.Add(
        Set,
        BatchBuilding.Of(shard.Shard.Value), BatchBuilding.Of(shard.Term), BatchBuilding.Of(holders.Select(holder => holder.Value).ToArray()));

    public override ValueTask<Answer<bool>> ReadAsync(NpgsqlDataReader reader) => Verdict.ReadAsync(reader);
}
