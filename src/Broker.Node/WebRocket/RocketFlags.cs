using System.CommandLine;

namespace Broker.Node.WebRocket;

/// <summary>The flags of WebRocket's server, which went with a file and override it.</summary>
internal sealed class RocketFlags
{
    public const string Usage = "usage: ./run [-host HOST] [-port PORT] [-tls-cert FILE] [-tls-key FILE] [-log FILE] CONFIG.json";

    private static readonly Option<string?> Host = new("-host") { Description = "With CONFIG.json: its Host.", HelpName = "host" };
    private static readonly Option<int?> Port = new("-port") { Description = "With CONFIG.json: its Port.", HelpName = "port" };
    private static readonly Option<string?> Certificate = new("-tls-cert") { Description = "With CONFIG.json: its TLSCertFile.", HelpName = "file" };
    private static readonly Option<string?> Key = new("-tls-key") { Description = "With CONFIG.json: its TLSKeyFile.", HelpName = "file" };
    private static readonly Option<string?> Log = new("-log") { Description = "With CONFIG.json: its Log, a file that the log goes to.", HelpName = "file" };

    /// <summary>The flag that asks for nothing but the version.</summary>
    public static readonly Option<bool> Version = new("-version") { Description = "The version, as WebRocket's server told it." };

    public static Option[] All { get; } = [Host, Port, Certificate, Key, Log, Version];

    /// <summary>Whether a flag is there that needs a file.</summary>
    public static bool AreIn(ParseResult result) => All.Any(flag => flag != Version && result.GetResult(flag) is not null);

    /// <summary>The settings of a file, overridden by the flags; its hubs are not among them.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Settings(RocketFile file, ParseResult result)
    {
        var certificate = result.GetValue(Certificate) ?? file.TLSCertFile;
        var key = result.GetValue(Key) ?? file.TLSKeyFile;
        var isSecure = !string.IsNullOrEmpty(certificate) && !string.IsNullOrEmpty(key);
        var host = result.GetValue(Host) ?? file.Host;
        yield return new("Broker:Urls", $"{(isSecure ? "https" : "http")}://{Written(host)}:{result.GetValue(Port) ?? file.Port}");
        if (isSecure)
        {
            yield return new("Broker:Tls:CertificateFile", certificate);
            yield return new("Broker:Tls:KeyFile", key);
        }
    }

    /// <summary>Where the log goes; null for the console.</summary>
    public static string? LogFile(RocketFile file, ParseResult result) =>
        (result.GetValue(Log) ?? file.Log) is { Length: > 0 } path ? path : null;

    /// <summary>No host was every address; an IPv6 address has brackets in an URL.</summary>
    private static string Written(string? host) =>
        string.IsNullOrEmpty(host) ? "*" : host.Contains(':', StringComparison.Ordinal) && host[0] != '[' ? $"[{host}]" : host;
}
