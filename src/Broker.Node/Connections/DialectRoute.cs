using Broker.Actors.Dialects;

namespace Broker.Node.Connections;

/// <summary>A path whose WebSockets speak a dialect.</summary>
/// <param name="Path">The whole path; no pattern.</param>
/// <param name="Dialect">What is spoken there.</param>
/// <param name="App">The app that its sessions begin with.</param>
/// <param name="NamesApp">True when clients can name another app once they are connected.</param>
public sealed record DialectRoute(string Path, IDialect Dialect, string App, bool NamesApp = false);
