using System.Globalization;
using Broker.Actors.Dialects.WebRocket;

namespace Broker.Node.WebRocket;

/// <summary>A hub of a <see cref="RocketFile"/>.</summary>
internal sealed class RocketHub
{
    public const string OnlyCodec = "JSON";

    public string Path { get; set; } = "";

    public string? Codec { get; set; }

    /// <summary>Version 1's; missing ones are empty, and take whatever is brought.</summary>
    public RocketSecrets? Secrets { get; set; }

    /// <summary>Version 2's, by the name that clients bring.</summary>
    public Dictionary<string, RocketUser?>? Users { get; set; }

    /// <param name="path">The hub's place among the settings.</param>
    public IEnumerable<KeyValuePair<string, string?>> Settings(string path)
    {
        yield return KeyValuePair.Create<string, string?>(path + ":Path", Path);
        yield return KeyValuePair.Create<string, string?>(path + ":Origins:0", "*");
        if (Secrets is null != (Users is null))
        {
            yield return KeyValuePair.Create<string, string?>(path + ":Version", Secrets is null ? WebRocketVersions.Text2 : WebRocketVersions.Text1);
        }

        if (Secrets is not null)
        {
            yield return KeyValuePair.Create<string, string?>(path + ":Credentials:ReadOnly", Secrets.ReadOnly ?? "");
            yield return KeyValuePair.Create<string, string?>(path + ":Credentials:ReadWrite", Secrets.ReadWrite ?? "");
        }

        foreach (var (i, (name, user)) in (Users ?? []).Index())
        {
            yield return KeyValuePair.Create<string, string?>($"{path}:Users:{i}:Name", name);
            yield return KeyValuePair.Create<string, string?>($"{path}:Users:{i}:Secret", user?.Secret ?? "");
            yield return KeyValuePair.Create<string, string?>($"{path}:Users:{i}:Permission", (user?.Permission ?? 0).ToString(CultureInfo.InvariantCulture));
        }
    }
}
