using Broker.Actors.Cluster;
using Npgsql;

namespace Broker.Storage.PostgreSql.Commands;

/// <summary>
/// Takes shards. First it locks what it will look at, each kind in one order for all nodes (old owners' rows, shards, the
/// directory's version), so that claims wait for each other but never in a ring; then it looks, and what it sees stays so
/// until it has ended.
/// </summary>
internal sealed class ClaimShards(Claim claim) : AuthorityCommand<ShardRow[]>
{
    private const string IsLeased = "select exists (select from nodes where incarnation = $1 and expires_at > clock_timestamp())";

    private const string LockOwners = "select from nodes where incarnation = any ($1) order by incarnation for share";

    private const string LockShards = "select from shards where shard = any ($1) order by shard for update";

    private const string Take = """
        with wanted as (
            select * from unnest($2::integer[], $3::uuid[], $4::bigint[]) as w (shard, owner, term)
        ), ground as (
            select * from unnest($5::uuid[], $6::text[], $7::boolean[]) as g (owner, queue, must_be_expired)
        ), taken as (
            update shards s
            set owner = $1, term = s.term + 1, holders = array[$1]
            from wanted w
                left join nodes n on n.incarnation = w.owner and n.incarnation <> $1
                left join ground g on g.owner = w.owner
            where s.shard = w.shard and s.term = w.term and s.owner is not distinct from w.owner
                and exists (select from nodes where incarnation = $1 and expires_at > clock_timestamp())
                and case
                    when n.incarnation is null then true
                    when g.owner is null then false
                    when g.must_be_expired then n.expires_at <= clock_timestamp()
                    else n.queue is not distinct from g.queue
                end
            returning s.shard, s.owner, s.term, s.holders
        ), changed as (
            update directory_version set version = version + 1 where (select count(*) from taken) > 0
        )
        select shard, owner, term, holders from taken order by shard
        """;

    private readonly Claim _claim = claim with
    {
        AsRead = [.. claim.AsRead.DistinctBy(row => row.Shard)],
        Grounds = [.. claim.Grounds.DistinctBy(ground => ground.Owner)],
    };

    public override void Write(NpgsqlBatch batch)
    {
        var claimant = _claim.Claimant.Value;
        int[] shards = [.. _claim.AsRead.Select(row => row.Shard.Value)];
        Guid?[] owners = [.. _claim.AsRead.Select(row => row.Owner?.Value)];
        long[] terms = [.. _claim.AsRead.Select(row => row.Term)];
        Guid[] others = [.. owners.OfType<Guid>().Where(owner => owner != claimant).Distinct()];
        batch.Add(IsLeased, BatchBuilding.Of(claimant));
        batch.Add(LockOwners, BatchBuilding.Of(others));
        batch.Add(LockShards, BatchBuilding.Of(shards));
        batch.Add(
            Take,
            BatchBuilding.Of(claimant), BatchBuilding.Of(shards), BatchBuilding.Of(owners), BatchBuilding.Of(terms),
            BatchBuilding.Of(_claim.Grounds.Select(ground => ground.Owner.Value).ToArray()),
            BatchBuilding.Of(_claim.Grounds.Select(ground => ground.Queue?.Value).ToArray()),
            BatchBuilding.Of(_claim.Grounds.Select(ground => ground.MustBeExpired).ToArray()));
    }

    public override async ValueTask<Answer<ShardRow[]>> ReadAsync(NpgsqlDataReader reader)
    {
        await reader.ReadAsync();
        if (!reader.GetBoolean(0))
        {
            return new Answer<ShardRow[]>.Refused("the claimant's lease has ended");
        }

        await reader.NextResultAsync();   // the owners' locks
        await reader.NextResultAsync();   // the shards' locks
        await reader.NextResultAsync();
        return new Answer<ShardRow[]>.Done(await ShardRows.ReadAsync(reader));
    }
}
