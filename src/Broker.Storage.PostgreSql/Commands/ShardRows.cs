using Broker.Actors.Cluster;
using Broker.Messages;
using Npgsql;

namespace Broker.Storage.PostgreSql.Commands;

/// <summary>Rows of <c>shard, owner, term, holders</c>.</summary>
internal static class ShardRows
{
    public static async ValueTask<ShardRow[]> ReadAsync(NpgsqlDataReader reader)
    {
        var rows = new List<ShardRow>();
        while (await reader.ReadAsync())
        {
            var holders = await reader.GetFieldValueAsync<Guid[]>(3);
            rows.Add(new ShardRow(
                new ShardId(reader.GetInt32(0)),
                await reader.IsDBNullAsync(1) ? null : new Incarnation(reader.GetGuid(1)),
                reader.GetInt64(2),
                [.. holders.Select(holder => new Incarnation(holder))]));
        }

        return [.. rows];
    }
}
