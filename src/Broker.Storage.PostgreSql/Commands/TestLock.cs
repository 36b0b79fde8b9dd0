using Broker.Actors.Cluster;
using Broker.Messages;
using Broker.Storage.PostgreSql.Locks;
using Npgsql;

namespace Broker.Storage.PostgreSql.Commands;

/// <summary>Whether nobody holds a node's lock. Taken in share and given back with the statement's end, so that those who ask do not see each other.</summary>
internal sealed class TestLock(Incarnation other) : AuthorityCommand<bool>
{
    private const string Test = "select pg_try_advisory_xact_lock_shared($1)";

    public override bool IsQuestion => true;

    public override void Write(NpgsqlBatch batch) => batch.Add(Test, BatchBuilding.Of(IncarnationLock.KeyOf(other)));

    public override ValueTask<Answer<bool>> ReadAsync(NpgsqlDataReader reader) => Verdict.ReadAsync(reader);
}
