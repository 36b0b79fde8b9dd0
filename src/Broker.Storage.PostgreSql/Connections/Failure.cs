using System.Net.Sockets;
using Npgsql;

namespace Broker.Storage.PostgreSql.Connections;

/// <summary>What a fault means to whoever asked, in words without the connection string.</summary>
internal static class Failure
{
    public static string Reason(Exception fault) => fault switch
    {
        PostgresException said => $"PostgreSQL said {said.SqlState}: {said.MessageText}",
        SchemaException schema => schema.Message,
        TimeoutException or { InnerException: TimeoutException } => "PostgreSQL did not answer in time",
        OperationCanceledException => "it was cancelled",
        ObjectDisposedException => "the node has left the authority",
        SocketException socket => $"PostgreSQL is not reached: {socket.SocketErrorCode}",
        { InnerException: SocketException socket } => $"PostgreSQL is not reached: {socket.SocketErrorCode}",
        NpgsqlException => "the connection to PostgreSQL broke",
        _ => fault.GetType().Name,
    };

    /// <summary>True for what ends one statement, and with it all that it would have committed. What ends the session may come after the commit.</summary>
    public static bool IsRolledBack(Exception fault) => fault is PostgresException { InvariantSeverity: "ERROR" };
}
