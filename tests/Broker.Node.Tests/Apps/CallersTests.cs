using Broker.Actors.Rights;
using Broker.Actors.Sessions;
using Broker.Node.Apps;
using Broker.Node.Settings;
using Broker.TestKit.Tokens;
using Microsoft.AspNetCore.Http;
using ConnectionInfo = Broker.Actors.Sessions.ConnectionInfo;

namespace Broker.Node.Tests.Apps;

/// <summary>What an HTTP request brings, and who it makes of its sender.</summary>
public sealed class CallersTests
{
    private const string Secret = "the app shop's secret, of 32 bytes..";
    private const string Key = "shop-key-number-one";
    private const string NewKey = "shop-key-number-two";

    // printf %s shop-key-number-two | sha256sum
    private const string NewKeyHash = "sha256:6d298b69a7260ec5baa18c07d42e6c39fc433c98ef579d6b04deea35c0f609eb";

    private static readonly Callers Shop = new(new AppDirectory(Settings()), TimeProvider.System);

    [Fact]
    public void Find_ByAnApiKey_IsTheAppsBackend()
    {
        IdentityOf([Key], []).ShouldBe(new Identity.Backend("shop"));
        IdentityOf([NewKey], []).ShouldBe(new Identity.Backend("shop"));
        IdentityOf([], ["Bearer " + Key]).ShouldBe(new Identity.Backend("shop"));
        IdentityOf([], ["bearer  " + Key + " "]).ShouldBe(new Identity.Backend("shop"));
    }

    [Fact]
    public void Find_ByAToken_IsItsUser()
    {
        var user = IdentityOf([], ["Bearer " + Token("\"sub\":\"ann\",\"channels\":[\"a\"],\"info\":7")]).ShouldBeOfType<Identity.User>();

        user.Id.ShouldBe("ann");
        user.Proves("a").ShouldBeTrue();
        user.Info.ToArray().ShouldBe("7"u8.ToArray());
        user.ExpiresAtMs.ShouldBeLessThan(Identity.Never);
        IdentityOf([], [], Token("\"sub\":\"bob\"")).ShouldBeOfType<Identity.User>().Id.ShouldBe("bob");
    }

    [Fact]
    public void Find_WithoutCredentials_IsNobodyInParticular()
    {
        IdentityOf([], []).ShouldBe(Identity.Anonymous.Instance);
        IdentityOf([], [], isLocal: true).ShouldBe(Identity.Anonymous.Instance);
    }

    [Theory]
    [InlineData("default", true, false, true)]
    [InlineData("default", true, true, false)]    // a page in a browser may be anybody's
    [InlineData("open", true, false, true)]
    [InlineData("open", false, false, false)]
    [InlineData("shop", true, false, false)]
    public void Find_OnThisMachineInAnAppWithoutCredentials_IsABackend(string app, bool isLocal, bool isPage, bool isBackend)
    {
        var caller = Shop.Find(app, [], [], token: null, isLocal, isPage).ShouldBeOfType<Caller.Known>();

        (caller.Identity is Identity.Backend).ShouldBe(isBackend);
    }

    [Theory]
    [InlineData("default", false)]
    [InlineData("nowhere", true)]
    [InlineData("", true)]
    [InlineData("$node", true)]
    public void Find_InAnAppThatIsNotServed_IsRefused(string app, bool isLocal) =>
        Shop.Find(app, [], [], token: null, isLocal, isPage: false).ShouldBe(Caller.Refused.UnknownApp);

    [Theory]
    [InlineData("shop-key-number-on")]
    [InlineData("shop-key-number-onE")]
    [InlineData("")]
    [InlineData(NewKeyHash)]
    [InlineData(Secret)]
    [InlineData("key")]
    [InlineData("secret")]
    public void Find_ByAWrongKey_IsRefused(string key)
    {
        Find([key], []).ShouldBe(Caller.Refused.Invalid);
        Find([], ["Bearer " + key]).ShouldBe(Caller.Refused.Invalid);
        Find([], ["Basic " + Key]).ShouldBe(Caller.Refused.Invalid);
        Find([], [Key]).ShouldBe(Caller.Refused.Invalid);
        Find([], [], token: key).ShouldBe(Caller.Refused.Invalid);
    }

    [Fact]
    public void Find_ByAnApiKeyInTheAddress_IsRefused() => Find([], [], token: Key).ShouldBe(Caller.Refused.Invalid);

    [Fact]
    public void Find_ByATokenWhereAKeyShouldBe_IsRefused() => Find([Token("\"sub\":\"ann\"")], []).ShouldBe(Caller.Refused.Invalid);

    [Fact]
    public void Find_BySeveralCredentials_IsRefused()
    {
        var token = Token("\"sub\":\"ann\"");

        Find([Key], ["Bearer " + token]).ShouldBe(Caller.Refused.Ambiguous);
        Find([Key, Key], []).ShouldBe(Caller.Refused.Ambiguous);
        Find([], ["Bearer " + Key, "Bearer " + Key]).ShouldBe(Caller.Refused.Ambiguous);
        Find([Key], [], token).ShouldBe(Caller.Refused.Ambiguous);
        Find([], ["Bearer " + Key], token).ShouldBe(Caller.Refused.Ambiguous);
    }

    [Theory]
    [InlineData("\"sub\":\"ann\",\"channel\":\"c\"")]
    [InlineData("\"channel\":\"c\"")]
    [InlineData("")]
    [InlineData("\"sub\":\"ann\",\"aud\":\"default\"")]
    public void Find_ByATokenForSomethingElse_IsRefused(string claims) =>
        Find([], ["Bearer " + Token(claims)]).ShouldBe(Caller.Refused.Misplaced);

    [Fact]
    public void Find_ByATokenThatIsNoGood_IsRefused()
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

        Find([], [], Jwt.HS256(Secret, Jwt.Claims(now - 60_000, "\"sub\":\"ann\""))).ShouldBe(Caller.Refused.Expired);
        Find([], [], Token($"\"sub\":\"ann\",\"nbf\":{(now / 1_000) + 60}")).ShouldBe(Caller.Refused.NotYetValid);
        Find([], [], Jwt.HS256(Secret + "x", Jwt.Claims("\"sub\":\"ann\""))).ShouldBe(Caller.Refused.Invalid);
        Find([], [], Jwt.Sign("""{"alg":"none"}""", Jwt.Claims("\"sub\":\"ann\""), _ => [])).ShouldBe(Caller.Refused.Invalid);
        Shop.Find("open", [], [], Token("\"sub\":\"ann\""), isLocal: true, isPage: false).ShouldBe(Caller.Refused.Invalid);
    }

    /// <summary>Asked before any credential: what a page brings does not help it where pages like it may not be.</summary>
    [Fact]
    public void Find_WhereTheClientsReachEnds_RefusesWhateverItBrings()
    {
        var context = new DefaultHttpContext();
        context.Request.Headers["X-API-Key"] = Key;
        context.Features.Set<IAppReach>(new Reach(Only: null));
        Shop.Find("shop", context).ShouldBe(Caller.Refused.Foreign);

        context.Features.Set<IAppReach>(new Reach(Only: "open"));
        Shop.Find("shop", context).ShouldBe(Caller.Refused.UnknownApp);

        context.Features.Set<IAppReach>(null);
        Shop.Find("shop", context).ShouldBe(new Caller.Known(new Identity.Backend("shop")));
    }

    private static string Token(string claims) => Jwt.HS256(Secret, Jwt.Claims(claims));

    private static Identity IdentityOf(string[] keys, string[] authorizations, string? token = null, bool isLocal = false) =>
        Find(keys, authorizations, token, isLocal).ShouldBeOfType<Caller.Known>().Identity;

    private static Caller Find(string[] keys, string[] authorizations, string? token = null, bool isLocal = false) =>
        Shop.Find("shop", keys, authorizations, token, isLocal, isPage: false);

    private static BrokerOptions Settings() => new()
    {
        Apps =
        {
            new AppOptions { Id = "shop", Key = "key", Secret = "secret", ApiKeys = { Key, NewKeyHash }, Tokens = { new TokenOptions { Key = Secret } } },
            new AppOptions { Id = "open" },
        },
    };

    /// <summary>Includes no app.</summary>
    private sealed record Reach(string? Only) : IAppReach
    {
        public bool Includes(string app, ConnectionInfo connection) => false;
    }
}
