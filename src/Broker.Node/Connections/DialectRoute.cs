using Broker.Actors.Dialects;

namespace Broker.Node.Connections;

/// <summary>A path whose WebSockets speak a dialect.</summary>
/// <param name="Path">The whole path; no pattern, but for a hub's.</param>
/// <param name="Dialect">What is spoken there.</param>
/// <param name="App">The app that its sessions begin with.</param>
/// <param name="NamesApp">True when clients can name another app once they are connected.</param>
public sealed record DialectRoute(string Path, IDialect Dialect, string App, bool NamesApp = false)
{
    /// <summary>
    /// A hub of WebRocket: its path goes by the rules of Go's multiplexer, a slash at its end means all that is below, and it is not served
    /// where a listener is bound to another app than its own.
    /// </summary>
    public bool IsHub { get; init; }

    /// <summary>It is there for local clients only.</summary>
    public bool IsLocalOnly { get; init; }

    internal bool IsSubtree => IsHub && Path.EndsWith('/');
}
