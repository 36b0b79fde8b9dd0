namespace Broker.Node.Connections;

/// <summary>An address cannot be listened on. The message says which setting asked for it, and why.</summary>
internal sealed class BindFailure(string message, Exception inner) : IOException(message, inner);
