using Broker.Actors.Cluster;
using Npgsql;

namespace Broker.Storage.PostgreSql.Commands;

/// <summary>Every shard's row.</summary>
internal sealed class ReadShards : AuthorityCommand<ShardRow[]>
{
    private const string Rows = "select shard, owner, term, holders from shards order by shard";

    public override bool IsQuestion => true;

    public override void Write(NpgsqlBatch batch) => batch.Add(Rows);

    public override async ValueTask<Answer<ShardRow[]>> ReadAsync(NpgsqlDataReader reader) =>
        new Answer<ShardRow[]>.Done(await ShardRows.ReadAsync(reader));
}
