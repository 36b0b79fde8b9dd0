namespace Broker.Node.Settings;

/// <summary>Which ways in are on, for tests and for finding faults. What no other way takes comes through the HTTP server's upgrade.</summary>
public sealed class TransportOptions
{
    /// <summary>Whether plain WebSockets live on the loops' own sockets. Default true; Linux only.</summary>
    public bool Fast { get; set; } = true;

    /// <summary>Whether other WebSockets, such as those over TLS, are taken before the HTTP server reads them. Default true.</summary>
    public bool Pipe { get; set; } = true;
}
