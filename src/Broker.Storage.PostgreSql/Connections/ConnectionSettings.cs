using Npgsql;

namespace Broker.Storage.PostgreSql.Connections;

/// <summary>What the broker asks of a connection, beside the operator's connection string.</summary>
internal static class ConnectionSettings
{
    /// <summary>Pooled, for commands.</summary>
    public static NpgsqlDataSource ForCommands(PostgreSqlOptions options)
    {
        var settings = Common(options);
        settings.MaxPoolSize = options.MaxConnections;
        settings.MaxAutoPrepare = 32;
        settings.AutoPrepareMinUsages = 2;
        return Open(settings);
    }

    /// <summary>One for each lock: lost as soon as the other side is, which a pool would hide.</summary>
    public static NpgsqlDataSource ForLocks(PostgreSqlOptions options)
    {
        var settings = Common(options);
        settings.Pooling = false;
        settings.KeepAlive = 1;
        return Open(settings);
    }

    private static NpgsqlConnectionStringBuilder Common(PostgreSqlOptions options)
    {
        var seconds = (int)Math.Ceiling(options.CommandTimeout.TotalSeconds);
        var settings = new NpgsqlConnectionStringBuilder(options.ConnectionString)
        {
            SearchPath = options.Schema,
            Pooling = true,
            Multiplexing = false,
            Enlist = false,
            PersistSecurityInfo = false,
            IncludeErrorDetail = false,
            Timeout = seconds,

            // Whoever asked has stopped waiting a second before this ends the connection. No wait for PostgreSQL to confirm a
            // cancellation then: it is the one that does not answer.
            CommandTimeout = seconds + 1,
            CancellationTimeout = -1,
            TcpKeepAlive = true,
            TcpKeepAliveTime = 1,
            TcpKeepAliveInterval = 1,
        };
        settings.ApplicationName ??= "broker";
        settings.Options = $"{settings.Options} {ServerSettings(options)}".Trim();
        return settings;
    }

    /// <summary>
    /// The server's side: a node whose host has vanished is noticed within 4 seconds, so that its lock is free; what is given up
    /// does not come true much later; the statements were written for this isolation.
    /// </summary>
    private static string ServerSettings(PostgreSqlOptions options) => string.Join(
        ' ',
        "-c tcp_user_timeout=4000 -c tcp_keepalives_idle=1 -c tcp_keepalives_interval=1 -c tcp_keepalives_count=3",
        $"-c statement_timeout={(int)options.CommandTimeout.TotalMilliseconds}",
        @"-c default_transaction_isolation=read\ committed");

    private static NpgsqlDataSource Open(NpgsqlConnectionStringBuilder settings)
    {
        var hasSeveralHosts = settings.Host!.Contains(',', StringComparison.Ordinal);
        settings.TargetSessionAttributes = null;   // said below
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        return hasSeveralHosts ? builder.BuildMultiHost().WithTargetSession(TargetSessionAttributes.Primary) : builder.Build();
    }
}
