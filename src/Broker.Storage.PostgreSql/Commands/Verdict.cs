using Broker.Actors.Cluster;
using Npgsql;

namespace Broker.Storage.PostgreSql.Commands;

/// <summary>An answer of one row with one truth value.</summary>
internal static class Verdict
{
    public static async ValueTask<Answer<bool>> ReadAsync(NpgsqlDataReader reader)
    {
        await reader.ReadAsync();
        return new Answer<bool>.Done(reader.GetBoolean(0));
    }
}
