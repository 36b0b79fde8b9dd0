namespace Broker.Client.Connections;

/// <summary>A connection ended before the answer to something that is of that connection alone. Never seen outside.</summary>
internal sealed class ConnectionLostException() : BrokerException("The connection was lost.");
