using Broker.TestKit.Servers;

[assembly: AssemblyFixture(typeof(RabbitMqFixture))]
