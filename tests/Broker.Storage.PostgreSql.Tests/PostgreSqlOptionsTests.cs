using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Broker.Storage.PostgreSql.Tests;

public sealed class PostgreSqlOptionsTests
{
    [Theory]
    [InlineData("")]
    [InlineData("postgres://broker:hunter2@db/broker")]
    [InlineData("Host=db;Password=a;hunter2=c")]
    [InlineData("Host=db;Port=hunter2")]
    [InlineData("Username=broker;Password=hunter2")]
    public void ConnectionString_ThatIsNone_IsRefusedWithoutBeingShown(string connectionString)
    {
        var fault = Should.Throw<OptionsValidationException>(() => Open(new PostgreSqlOptions { ConnectionString = connectionString }));

        fault.Message.ShouldContain(nameof(PostgreSqlOptions.ConnectionString));
        fault.ToString().ShouldNotContain("hunter2");
    }

    [Theory]
    [InlineData("Broker")]
    [InlineData("a;drop schema public")]
    [InlineData("\"")]
    public void Schema_ThatIsNoPlainName_IsRefused(string schema) => Should.Throw<OptionsValidationException>(() =>
        Open(new PostgreSqlOptions { ConnectionString = "Host=db", Schema = schema })).Message.ShouldContain("Schema");

    [Fact]
    public void CommandTimeout_BeyondTheLease_IsRefused() => Should.Throw<OptionsValidationException>(() =>
        Open(new PostgreSqlOptions { ConnectionString = "Host=db", CommandTimeout = TimeSpan.FromSeconds(5) }));

    private static PostgreSqlAuthority Open(PostgreSqlOptions options) => new(options, NullLoggerFactory.Instance);
}
