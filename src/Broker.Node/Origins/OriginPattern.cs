using System.Diagnostics.CodeAnalysis;

namespace Broker.Node.Origins;

/// <summary>One entry of an app's allow-list: <c>*</c>, <c>null</c>, or an origin, perhaps with <c>*.</c> before its host or <c>*</c> for its port.</summary>
internal sealed record OriginPattern
{
    private readonly string _text;
    private readonly string _scheme;
    private readonly string _host;
    private readonly int? _port;

    private OriginPattern(string text, string scheme, string host, int? port)
    {
        _text = text;
        _scheme = scheme;
        _host = host;
        _port = port;
    }

    public static bool TryParse(string text, [NotNullWhen(true)] out OriginPattern? pattern)
    {
        pattern = null;
        if (text is "*" or "null")
        {
            pattern = new OriginPattern(text, "", "", port: null);
            return true;
        }

        var colon = text.IndexOf("://", StringComparison.Ordinal);
        if (colon <= 0 || !Origin.TrySplit(text[(colon + 3)..], out var host, out var port))
        {
            return false;
        }

        var scheme = text[..colon].ToLowerInvariant();
        int? number = Origin.PortOf(scheme);
        if (port is not null)
        {
            number = port == "*" ? null : Origin.TryParsePort(port, out var read) ? read : -1;
        }

        // A star stands for whole labels in front, and for nothing else: example.com.evil.net is not below example.com.
        var isHost = host.TrimStart('*') is var rest && !rest.Contains('*', StringComparison.Ordinal)
            && (rest.Length == host.Length || (host.StartsWith("*.", StringComparison.Ordinal) && rest.Length > 1))
            && (host.Length > 0 || scheme == "file");
        if (!isHost || number == -1)
        {
            return false;
        }

        pattern = new OriginPattern(text, scheme, host, number);
        return true;
    }

    /// <param name="origin">The header as it came.</param>
    public bool Matches(string origin) => _text switch
    {
        "*" => true,
        "null" => origin == "null",
        _ => Origin.TryParse(origin, out var parsed) && parsed.Scheme == _scheme && (_port is null || parsed.Port == _port) && IsHost(parsed.Host),
    };

    private bool IsHost(string host) => _host.StartsWith('*')
        ? host.Length >= _host.Length && host.EndsWith(_host[1..], StringComparison.Ordinal)
        : host == _host;
}
