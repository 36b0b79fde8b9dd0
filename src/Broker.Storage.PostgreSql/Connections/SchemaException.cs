namespace Broker.Storage.PostgreSql.Connections;

/// <summary>The database's schema is not this node's; the message says why, for an operator.</summary>
internal sealed class SchemaException(string message) : Exception(message);
