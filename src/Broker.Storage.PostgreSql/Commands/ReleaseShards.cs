using Broker.Actors.Cluster;
using Npgsql;

namespace Broker.Storage.PostgreSql.Commands;

/// <summary>Leaves shards without an owner, those whose term is as said.</summary>
internal sealed class ReleaseShards(ShardTerm[] shards) : AuthorityCommand<bool>
{
    /// <summary>In the order in which claims lock them.</summary>
    private const string LockShards = "select from shards where shard = any ($1) order by shard for update";

    private const string Release = """
        with released as (
            update shards s set owner = null, holders = '{}'
            from unnest($1::integer[], $2::bigint[]) as w (shard, term)
            where s.shard = w.shard and s.term = w.term and s.owner is not null
            returning s.shard
        ), versioned as (
            update directory_version set version = version + 1 where (select count(*) from released) > 0
        )
        select count(*) = cardinality($1) from released
        """;

    public override void Write(NpgsqlBatch batch)
    {
        int[] numbers = [.. shards.Select(shard => shard.Shard.Value)];
        batch.Add(LockShards, BatchBuilding.Of(numbers));
        batch.Add(Release, BatchBuilding.Of(numbers), BatchBuilding.Of(shards.Select(shard => shard.Term).ToArray()));
    }

    public override async ValueTask<Answer<bool>> ReadAsync(NpgsqlDataReader reader)
    {
        await reader.NextResultAsync();   // the locks
        return await Verdict.ReadAsync(reader);
    }
}
