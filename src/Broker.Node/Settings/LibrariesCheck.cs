using Broker.Node.Connections;

namespace Broker.Node.Settings;

/// <summary>Checks what can be known of services and dialects from class libraries before the libraries are looked at.</summary>
/// <param name="dialects">The dialects that the node has without them.</param>
internal sealed class LibrariesCheck(IEnumerable<DialectName> dialects)
{
    private readonly string[] _taken = [.. dialects.Select(dialect => dialect.Value), .. HttpDialects.All];

    /// <summary>A line per mistake, each beginning with the setting's name.</summary>
    public IEnumerable<string> Failures(BrokerOptions options, IEnumerable<string> apps) =>
    [
        .. Twice("Broker:JsonRpc:Services", [.. options.JsonRpc.Services.Select(service => service.Name)]),
        .. Apps("Broker:JsonRpc:Services", options.JsonRpc.Services.Select(service => service.App), apps),
        .. Twice("Broker:Dialects", [.. options.Dialects.Select(dialect => dialect.Name)]),
        .. Apps("Broker:Dialects", options.Dialects.Select(dialect => dialect.App), apps),
        .. options.Dialects.Select((dialect, i) => (dialect, i)).Where(one => _taken.Contains(one.dialect.Name, StringComparer.OrdinalIgnoreCase))
            .Select(one => $"Broker:Dialects:{one.i}:Name \"{one.dialect.Name}\" is one of the broker's own: {string.Join(", ", _taken)}."),
    ];

    private static IEnumerable<string> Twice(string name, string[] names) => names
        .Select((text, i) => (text, i))
        .Where(entry => entry.text.Length > 0 && Array.IndexOf(names, entry.text) < entry.i)
        .Select(entry => $"{name}:{entry.i}:Name \"{entry.text}\" is there twice.");

    private static IEnumerable<string> Apps(string name, IEnumerable<string> meant, IEnumerable<string> apps) => meant
        .Select((app, i) => (app, i))
        .Where(entry => entry.app.Length > 0 && !apps.Contains(entry.app, StringComparer.Ordinal))
        .Select(entry => $"{name}:{entry.i}:App \"{entry.app}\" is no app; there is {string.Join(", ", apps)}.");
}
