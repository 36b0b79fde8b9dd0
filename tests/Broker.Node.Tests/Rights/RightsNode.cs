using Broker.Actors.Rights;
using Broker.Node.Tests.Nodes;
using Broker.Node.Tests.WebRocket;
using Broker.TestKit.Tokens;

namespace Broker.Node.Tests.Rights;

/// <summary>
/// A node whose channels ask for every right there is: of a channel <c>subscribe-proof-...</c> subscribing and reading what
/// has been is for who has proof, all else for everybody; so with <c>publish-</c> and <c>presence-</c>, and with every right.
/// What begins otherwise has no namespace. There are two apps with credentials, <c>default</c> and <c>shop</c>.
/// </summary>
public sealed class RightsNode : IAsyncLifetime
{
    public const string Secret = "the app default's secret of 32 bytes";
    public const string ApiKey = "the-app-default's-api-key";
    public const string SourceToken = "the-source's-token";
    public const string ShopSecret = "the app shop's secret, of 32 bytes..";
    public const string ShopApiKey = "the-app-shop's-api-key";

    public BrokerNode Node { get; private set; } = null!;

    /// <summary>A token of the app <c>default</c>.</summary>
    public static string Token(string claims) => Jwt.HS256(Secret, Jwt.Claims(claims));

    public async ValueTask InitializeAsync() => Node = await BrokerNode.StartAsync(
    [
        ("Broker:Apps:0:Id", "default"),
        ("Broker:Apps:0:Tokens:0:Key", Secret),
        ("Broker:Apps:0:ApiKeys:0", ApiKey),
        ("Broker:Apps:1:Id", "shop"),
        ("Broker:Apps:1:Tokens:0:Key", ShopSecret),
        ("Broker:Apps:1:ApiKeys:0", ShopApiKey),
        ("Broker:RocketWs:SourceToken", SourceToken),
        .. WebRocketHubs.Settings,
        .. SampleLibrary.AsService("Channels", "channels"),
        .. Namespaces().SelectMany((space, i) => new[]
        {
            ($"Broker:Namespaces:{i}:Pattern", space.Pattern),
            ($"Broker:Namespaces:{i}:Subscribe", (space.What == "subscribe" ? space.Right : Right.Anonymous).ToString()),
            ($"Broker:Namespaces:{i}:Publish", (space.What == "publish" ? space.Right : Right.Anonymous).ToString()),
            ($"Broker:Namespaces:{i}:Presence", (space.What == "presence" ? space.Right : Right.Anonymous).ToString()),
        }),
    ]);

    public async ValueTask DisposeAsync() => await Node.DisposeAsync();

    private static IEnumerable<(string What, Right Right, string Pattern)> Namespaces() =>
        from what in (string[])["subscribe", "publish", "presence"]
        from right in Enum.GetValues<Right>()
        select (what, right, $"{what}-{right}-*");
}
