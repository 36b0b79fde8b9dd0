using System.Globalization;

namespace Broker.Cluster.RabbitMq.Tests;

public sealed class RabbitMqOptionsTests
{
    private readonly RabbitMqOptions _options = new() { ConnectionString = "amqp://localhost" };

    [Fact]
    public void Defaults_AreValid() => Failures().ShouldBeEmpty();

    [Fact]
    public void Values_OutOfRange_AreNamed()
    {
        _options.SendBytes = 1;
        _options.Prefetch = 0;
        _options.Heartbeat = TimeSpan.Zero;
        _options.NewsExchange = "no spaces";
        _options.ConnectionString = "";

        Failures().ShouldContain("SendBytes");
        Failures().ShouldContain("Prefetch");
        Failures().ShouldContain("Heartbeat");
        Failures().ShouldContain("NewsExchange");
        Failures().ShouldContain("ConnectionString");
    }

    [Fact]
    public void Bus_WithAWrongConnectionString_DoesNotRepeatIt()
    {
        _options.ConnectionString = "amqp:/hush";

        var fault = Should.Throw<ArgumentException>(() => new RabbitMqBus(_options, new LogLines(), TimeProvider.System));

        fault.Message.ShouldNotContain("hush");
    }

    private string Failures() =>
        string.Create(CultureInfo.InvariantCulture, $"{new RabbitMqOptionsValidator().Validate(null, _options).FailureMessage}");
}
