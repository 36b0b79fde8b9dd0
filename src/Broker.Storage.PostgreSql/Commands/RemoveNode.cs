using Broker.Actors.Cluster;
using Broker.Messages;
using Npgsql;

namespace Broker.Storage.PostgreSql.Commands;

/// <summary>Takes a node's row away. True when it was there.</summary>
internal sealed class RemoveNode(Incarnation self) : AuthorityCommand<bool>
{
    private const string Remove = "with gone as (delete from nodes where incarnation = $1 returning 1) select count(*) = 1 from gone";

    public override void Write(NpgsqlBatch batch) => batch.Add(Remove, BatchBuilding.Of(self.Value));

    public override ValueTask<Answer<bool>> ReadAsync(NpgsqlDataReader reader) => Verdict.ReadAsync(reader);
}
