namespace Broker.Cluster.RabbitMq.Tests;

public sealed class RabbitMqAddressTests
{
    [Fact]
    public void ConnectionString_OfOneNode_IsRead()
    {
        var address = Parse("amqp://broker:p%40ss%3Aword@rabbit.example.com:5673/a%2Fb");

        address.User.ShouldBe("broker");
        address.Password.ShouldBe("p@ss:word");
        address.VirtualHost.ShouldBe("a/b");
        address.Nodes.ShouldBe([("rabbit.example.com", 5673, false)]);
    }

    [Theory]
    [InlineData("amqp://localhost", 5672, false)]
    [InlineData("amqp://localhost/", 5672, false)]
    [InlineData("amqps://localhost", 5671, true)]
    public void ConnectionString_WithoutMore_HasTheUsualPortsAndGuest(string text, int port, bool isTls)
    {
        var address = Parse(text);

        address.Nodes.ShouldBe([("localhost", port, isTls)]);
        (address.User, address.Password, address.VirtualHost).ShouldBe(("guest", "guest", "/"));
    }

    [Fact]
    public void ConnectionString_OfSeveralNodes_NamesTheUserOnce()
    {
        var address = Parse("amqp://broker:secret@one/main, amqps://two:5000 ,amqp://broker:secret@three/main");

        address.Nodes.ShouldBe([("one", 5672, false), ("two", 5000, true), ("three", 5672, false)]);
        (address.User, address.Password, address.VirtualHost).ShouldBe(("broker", "secret", "main"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("rabbit.example.com")]
    [InlineData("http://user:hush@rabbit")]
    [InlineData("amqp://user:hush@rabbit/a/b")]
    [InlineData("amqp://user:hush@rabbit?heartbeat=2")]
    [InlineData("amqp://user:hush@one,")]
    [InlineData("amqp://user:hush@one,amqp://user:other@two")]
    [InlineData("amqp://user:hush@one/main,amqp://user:hush@two/other")]
    public void ConnectionString_ThatCannotBeUsed_IsRefusedWithoutBeingRepeated(string text)
    {
        RabbitMqAddress.TryParse(text, out _, out var failure).ShouldBeFalse();

        failure.ShouldNotBeNull().ShouldNotContain("hush");
        var result = new ConnectionStringCheck().Validate(null, new RabbitMqOptions { ConnectionString = text });
        result.Failed.ShouldBeTrue();
        result.FailureMessage.ShouldStartWith("ConnectionString ");
    }

    private static RabbitMqAddress Parse(string text)
    {
        RabbitMqAddress.TryParse(text, out var address, out _).ShouldBeTrue();
        return address!;
    }
}
