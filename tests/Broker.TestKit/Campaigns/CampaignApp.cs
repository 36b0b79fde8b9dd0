using System.Globalization;
using Broker.TestKit.Histories;
using Broker.TestKit.Tokens;

namespace Broker.TestKit.Campaigns;

/// <summary>The app of a campaign and its channels: every episode has its own, so that it begins without a past.</summary>
internal static class CampaignApp
{
    private const string App = "campaign";
    private const string Secret = "a secret of thirty-two characters";

    /// <summary>Of every node. Windows hold all that an episode emits, but those of the short ones.</summary>
    public static readonly IReadOnlyList<(string Name, string Value)> Settings =
    [
        ("Broker__Apps__0__Id", App),
        ("Broker__Apps__0__Tokens__0__Key", Secret),
        ("Broker__Namespaces__0__App", App),
        ("Broker__Namespaces__0__Pattern", "live*"),
        ("Broker__Namespaces__0__HistorySize", "0"),
        ("Broker__Namespaces__1__App", App),
        ("Broker__Namespaces__1__Pattern", "short*"),
        ("Broker__Namespaces__1__HistorySize", "8"),
        ("Broker__Namespaces__2__App", App),
        ("Broker__Namespaces__2__Pattern", "*"),
        ("Broker__Namespaces__2__HistorySize", "20000"),
        ("Broker__Namespaces__2__HistoryBytes", "4194304"),
        ("Broker__Namespaces__2__HistoryAge", "01:00:00"),
    ];

    private static readonly string[] Kinds = ["hist0", "hist1", "hist2", "short0", "live0", "live1", "room0", "room1"];

    /// <summary>What <c>connect</c> wants to know of a user.</summary>
    public static string ConnectAs(string user) => $$"""{"app":"{{App}}","token":"{{Jwt.HS256(Secret, Jwt.Claims($"\"sub\":\"{user}\""))}}"}""";

    /// <summary>Every channel of an episode; the last two have members.</summary>
    public static IReadOnlyList<string> Channels(int episode) => [.. Kinds.Select(kind => string.Create(CultureInfo.InvariantCulture, $"{kind}-{episode}"))];

    public static ChannelClass ClassOf(string channel) =>
        channel.StartsWith("live", StringComparison.Ordinal) ? ChannelClass.Live
        : channel.StartsWith("short", StringComparison.Ordinal) ? ChannelClass.ShortHistory
        : ChannelClass.History;
}
