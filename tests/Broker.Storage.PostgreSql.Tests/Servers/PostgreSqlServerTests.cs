using Broker.TestKit.Servers;
using Npgsql;

namespace Broker.Storage.PostgreSql.Tests.Servers;

/// <summary>The server that other tests stand on.</summary>
[Trait("Needs", "postgresql")]
public sealed class PostgreSqlServerTests
{
    [Fact]
    public async Task Crash_ThenStartAgain_KeepsPortAndWhatWasCommitted()
    {
        await using var server = await PostgreSqlServer.StartAsync();
        await server.RunSqlAsync("create table kept (word text); insert into kept values ('still here');");
        var port = server.Port;

        await server.CrashAsync();
        await Should.ThrowAsync<InvalidOperationException>(() => server.RunSqlAsync("select 1"));
        await server.StartAgainAsync();

        server.Port.ShouldBe(port);
        (await server.RunSqlAsync("select word from kept")).ShouldBe("still here");
    }

    [Fact]
    public async Task Pause_WhileAClientAsks_AnswersAfterResume()
    {
        await using var server = await PostgreSqlServer.StartAsync();
        await using var source = NpgsqlDataSource.Create(server.ConnectionString());
        await using var connection = await source.OpenConnectionAsync();
        await server.PauseAsync();

        await using var command = new NpgsqlCommand("select 7", connection);
        var answer = command.ExecuteScalarAsync();
        answer.IsCompleted.ShouldBeFalse();
        await server.ResumeAsync();

        (await answer).ShouldBe(7);
    }
}
