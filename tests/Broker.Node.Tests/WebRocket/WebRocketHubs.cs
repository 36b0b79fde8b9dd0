namespace Broker.Node.Tests.WebRocket;

/// <summary>The hubs of the servers that behaviour tests run against; those of the protocol's tables of vectors.</summary>
internal static class WebRocketHubs
{
    /// <summary>With channels of its own.</summary>
    public const string Own = "/wr";

    /// <summary>With the channels of the app <c>default</c>.</summary>
    public const string Shared = "/wr-shared";

    /// <summary>Whose clients can send each other messages.</summary>
    public const string Direct = "/wr-direct";

    public static (string Name, string Value)[] Settings { get; } =
    [
        .. Hub(0, Own),
        .. Hub(1, "/wr-b"),
        .. Hub(2, Shared, ("App", "default")),
        .. Hub(3, Direct, ("Direct", "true")),
        ("Broker:WebRocket:Hubs:4:Path", "/wr-open"),
        ("Broker:WebRocket:Hubs:4:Credentials:ReadWrite", ""),
    ];

    /// <summary>As variables of the environment.</summary>
    public static (string Name, string Value)[] Environment => [.. Settings.Select(setting => (setting.Name.Replace(":", "__", StringComparison.Ordinal), setting.Value))];

    /// <summary>A hub with both kinds of access and four users.</summary>
    public static IEnumerable<(string Name, string Value)> Hub(int number, string path, params (string Name, string Value)[] more)
    {
        (string Name, string Value)[] settings =
        [
            ("Path", path),
            ("Credentials:ReadOnly", "read-secret"),
            ("Credentials:ReadWrite", "rw-secret"),
            .. User(0, "front", "read-secret", "1"),
            .. User(1, "back", "rw-secret", "3"),
            .. User(2, "wo", "w", "2"),
            .. User(3, "open", "", "3"),
            .. more,
        ];
        return settings.Select(setting => ($"Broker:WebRocket:Hubs:{number}:{setting.Name}", setting.Value));
    }

    private static (string Name, string Value)[] User(int number, string name, string secret, string permission) =>
        [($"Users:{number}:Name", name), ($"Users:{number}:Secret", secret), ($"Users:{number}:Permission", permission)];
}
