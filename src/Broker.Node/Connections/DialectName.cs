namespace Broker.Node.Connections;

/// <summary>The name of something that a listener can serve alone, known before anything of it is made.</summary>
internal sealed record DialectName(string Value);
