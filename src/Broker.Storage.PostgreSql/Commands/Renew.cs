using Broker.Actors.Cluster;
using Broker.Messages;
using Npgsql;

namespace Broker.Storage.PostgreSql.Commands;

/// <summary>
/// Extends a lease. What it says of the node's own shards is read after the node's row was written, and so locked: a claim
/// that relieves the node has either been committed and shows, or waits for this renewal and then sees its row as written.
/// </summary>
internal sealed class Renew(NodeRow self) : AuthorityCommand<Renewal>
{
    private const string Upsert = """
        insert into nodes (incarnation, name, url, queue, version, state, bus_ok, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7, clock_timestamp() + $8)
        on conflict (incarnation) do update set
            name = excluded.name, url = excluded.url, queue = excluded.queue, version = excluded.version,
            state = excluded.state, bus_ok = excluded.bus_ok, expires_at = excluded.expires_at
        """;

    /// <summary>Two nodes that come back after a long time would wait for each other, but for the skipping.</summary>
    private const string Forget = """
        delete from nodes where incarnation in (
            select incarnation from nodes where expires_at < clock_timestamp() - $1 for update skip locked)
        """;

    /// <summary>
    /// A row that was not there could not be locked by a claim. So a node whose row is new waits here for claims of what it
    /// still owns.
    /// </summary>
    private const string AwaitClaims = """
        select from shards
        where owner = $1 and exists (select from nodes where incarnation = $1 and since = now())
        order by shard for share
        """;

    private const string Live = """
        select incarnation, name, url, queue, version, state, bus_ok, (extract(epoch from expires_at - clock_timestamp()) * 1000)::bigint
        from nodes where expires_at > clock_timestamp() order by name, incarnation
        """;

    private const string Own = """
        select d.version, s.shard, s.term from directory_version d left join shards s on s.owner = $1 order by s.shard
        """;

    public override void Write(NpgsqlBatch batch)
    {
        var incarnation = self.Incarnation.Value;
        batch.Add(
            Upsert,
            BatchBuilding.Of(incarnation), BatchBuilding.Of(self.Name), BatchBuilding.Of(self.Url), BatchBuilding.OfText(self.Queue?.Value),
            BatchBuilding.Of(self.Version), BatchBuilding.Of(NodeStates.Write(self.State)), BatchBuilding.Of(self.IsBusOk), BatchBuilding.Of(MemoryAuthority.Lease));
        batch.Add(Forget, BatchBuilding.Of(MemoryAuthority.KeptAfterwards));
        batch.Add(AwaitClaims, BatchBuilding.Of(incarnation));
        batch.Add(Live);
        batch.Add(Own, BatchBuilding.Of(incarnation));
    }

    public override async ValueTask<Answer<Renewal>> ReadAsync(NpgsqlDataReader reader)
    {
        await reader.NextResultAsync();   // behind the claims
        var live = new List<NodeRow>();
        var left = new Dictionary<Incarnation, long>();
        while (await reader.ReadAsync())
        {
            live.Add(new NodeRow(
                new Incarnation(reader.GetGuid(0)),
                reader.GetString(1),
                reader.GetString(2),
                await reader.IsDBNullAsync(3) ? null : new BusAddress(reader.GetString(3)),
                reader.GetInt32(4),
                NodeStates.Read(reader.GetString(5)),
                reader.GetBoolean(6)));
            left[live[^1].Incarnation] = reader.GetInt64(7);
        }

        await reader.NextResultAsync();
        var version = 0L;
        var own = new List<ShardTerm>();
        while (await reader.ReadAsync())
        {
            version = reader.GetInt64(0);
            if (!await reader.IsDBNullAsync(1))
            {
                own.Add(new ShardTerm(new ShardId(reader.GetInt32(1)), reader.GetInt64(2)));
            }
        }

        return new Answer<Renewal>.Done(new Renewal(live, version, own, left));
    }
}
