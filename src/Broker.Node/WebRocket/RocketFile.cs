using System.Text.Json;

namespace Broker.Node.WebRocket;

/// <summary>A configuration as WebRocket's server took it: docs/webrocket.md, Files of the original. Names in any case; what it does not know is left out.</summary>
internal sealed class RocketFile
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNameCaseInsensitive = true };

    public string Host { get; set; } = "localhost";

    public int Port { get; set; } = 9772;

    public string TLSCertFile { get; set; } = "";

    public string TLSKeyFile { get; set; } = "";

    /// <summary>Where the log goes; empty for the console.</summary>
    public string Log { get; set; } = "";

    public RocketHub[] Hubs { get; set; } = [];

    /// <exception cref="FormatException">It is none, in the original's words.</exception>
    public static RocketFile Read(Stream stream)
    {
        RocketFile file;
        try
        {
            file = JsonSerializer.Deserialize<RocketFile>(stream, Json) ?? throw new JsonException("It is null.");
        }
        catch (JsonException wrong)
        {
            throw new FormatException("Config parsing error:", wrong);
        }

        // A name that is there with null counts as not there.
        file.Hubs = [.. (file.Hubs ?? []).Select(hub => hub ?? new RocketHub())];
        return Array.Find(file.Hubs, hub => hub.Codec != RocketHub.OnlyCodec) is { } other
            ? throw new FormatException($"Invalid handler type: {other.Codec}")
            : file;
    }

    /// <summary>The hubs as this broker's settings. Where they share no app their pages may be anybody's, as the original asked for no origin.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Settings() => Hubs.SelectMany((hub, i) => hub.Settings($"Broker:WebRocket:Hubs:{i}"));
}
