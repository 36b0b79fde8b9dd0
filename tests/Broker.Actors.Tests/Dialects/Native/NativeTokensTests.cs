using System.Text;
using System.Text.Json.Nodes;
using Broker.Actors.Dialects.Native;
using Broker.Actors.Rights;
using Broker.Actors.Sessions;
using Broker.Actors.Tokens;
using Broker.Messages;
using Broker.TestKit.Dialects;
using Broker.TestKit.Tokens;

namespace Broker.Actors.Tests.Dialects.Native;

/// <summary>What the dialect makes of tokens; what they allow is the core's, and tested with it.</summary>
public sealed class NativeTokensTests
{
    private const string Secret = "the default app's secret, 32 bytes";
    private const string OtherSecret = "the demo app's secret, 32 bytes or";

    private readonly FakeBroker _broker = new();
    private readonly AppTokens _tokens = new();
    private readonly FakeSession _session;

    public NativeTokensTests()
    {
        _tokens.Set("default", Verifier(Secret, "default"));
        _tokens.Set("demo", Verifier(OtherSecret, "demo"));
        _session = _broker.Connect(new NativeDialect(new NativeOptions(), _tokens));
    }

    private long Later => _broker.UnixMs + 60_000;

    [Fact]
    public void Connect_ByAToken_SaysWhoAndForHowLong()
    {
        var answer = Call("connect", new JsonObject { ["token"] = Token("\"sub\":\"ann\",\"channels\":[\"a\"]") });

        answer["result"]!["user"]!.GetValue<string>().ShouldBe("ann");
        answer["result"]!["app"]!.GetValue<string>().ShouldBe("default");
        answer["result"]!["expiresInMs"]!.GetValue<long>().ShouldBeInRange(69_000, 70_000);   // 60 s, and 10 for clocks
        var user = _session.Identity.ShouldBeOfType<Identity.User>();
        user.Id.ShouldBe("ann");
        user.Proves("a").ShouldBeTrue();
        user.Proves("b").ShouldBeFalse();
    }

    [Fact]
    public void Connect_ByAnAppsToken_IsNoOtherApps()
    {
        var token = Token("\"sub\":\"ann\"");

        CodeOf("connect", new JsonObject { ["app"] = "demo", ["token"] = token }).ShouldBe(-32006);
        CodeOf("connect", new JsonObject { ["app"] = "nowhere", ["token"] = token }).ShouldBe(-32006);
        CodeOf("connect", new JsonObject { ["app"] = "default", ["token"] = Jwt.HS256(OtherSecret, Jwt.Claims(Later, "\"sub\":\"ann\"")) }).ShouldBe(-32006);
        _session.Identity.ShouldBe(Identity.Anonymous.Instance);
        _session.App.ShouldBe("default");
    }

    [Theory]
    [InlineData("\"sub\":\"ann\",\"channel\":\"c\"")]
    [InlineData("\"channel\":\"c\"")]
    [InlineData("")]
    [InlineData("\"sub\":\"ann\",\"aud\":\"demo\"")]
    public void Connect_ByATokenForSomethingElse_IsRefused(string claims)
    {
        CodeOf("connect", new JsonObject { ["token"] = Token(claims) }).ShouldBe(-32009);
        _session.Identity.ShouldBe(Identity.Anonymous.Instance);
    }

    [Fact]
    public void Connect_BeforeOrAfterATokensTime_IsRefused()
    {
        CodeOf("connect", new JsonObject { ["token"] = Jwt.HS256(Secret, Jwt.Claims(_broker.UnixMs - 11_000, "\"sub\":\"ann\"")) }).ShouldBe(-32007);
        CodeOf("connect", new JsonObject { ["token"] = Token($"\"sub\":\"ann\",\"nbf\":{(_broker.UnixMs / 1_000) + 12}") }).ShouldBe(-32008);
        _session.Identity.ShouldBe(Identity.Anonymous.Instance);
    }

    [Theory]
    [InlineData("\"channel\":\"c\"", null)]
    [InlineData("\"channel\":\"c\",\"sub\":\"ann\"", null)]
    [InlineData("\"channel\":\"c\",\"sub\":\"bob\"", -32009)]
    [InlineData("\"channel\":\"C\"", -32009)]
    [InlineData("\"channel\":\"*\"", -32009)]
    [InlineData("\"channels\":[\"c\"]", -32009)]
    [InlineData("\"sub\":\"ann\"", -32009)]
    public void EveryMethod_ByATokenForAChannel_TakesItForThatChannelAndUserOnly(string claims, int? code)
    {
        Call("connect", new JsonObject { ["token"] = Token("\"sub\":\"ann\"") });
        var token = Token(claims);

        CodeOf("publish", new JsonObject { ["channel"] = "c", ["event"] = "e", ["data"] = 1, ["token"] = token }).ShouldBe(code);
        CodeOf("history", new JsonObject { ["channel"] = "c", ["token"] = token }).ShouldBe(code);
        CodeOf("presence", new JsonObject { ["channel"] = "c", ["token"] = token }).ShouldBe(code);
        CodeOf("refresh", new JsonObject { ["channel"] = "c", ["token"] = token }).ShouldBe(code ?? -32010);
        CodeOf("subscribe", new JsonObject { ["channel"] = "c", ["token"] = token }).ShouldBe(code);
        CodeOf("refresh", new JsonObject { ["channel"] = "c", ["token"] = token }).ShouldBe(code);
        _session.IsSubscribed(new ChannelName("default", "c")).ShouldBe(code is null);
    }

    [Fact]
    public void Subscribe_ByATokenOfAUser_IsNotForNobody() =>
        CodeOf("subscribe", new JsonObject { ["channel"] = "c", ["token"] = Token("\"channel\":\"c\",\"sub\":\"ann\"") }).ShouldBe(-32009);

    [Fact]
    public void Subscribe_ByAToken_SaysForHowLong()
    {
        var answer = Call("subscribe", new JsonObject { ["channel"] = "c", ["token"] = Token("\"channel\":\"c\"") });

        answer["result"]!["expiresInMs"]!.GetValue<long>().ShouldBeInRange(69_000, 70_000);
        Call("refresh", new JsonObject { ["channel"] = "c", ["token"] = Token("\"channel\":\"c\"") })["result"]!
            ["expiresInMs"]!.GetValue<long>().ShouldBeInRange(69_000, 70_000);
    }

    [Theory]
    [InlineData("", "\"mine\"", "\"mine\"")]
    [InlineData("\"info\":\"signed\"", "\"mine\"", "\"signed\"")]
    [InlineData("\"info\":{\"a\": [1]}", null, "{\"a\": [1]}")]
    [InlineData("", null, "null")]
    public void Presence_OfAUserByAToken_ShowsWhatIsSignedBeforeWhatIsSaid(string claim, string? said, string shown)
    {
        Call("connect", new JsonObject { ["token"] = Token("\"sub\":\"ann\"" + (claim.Length > 0 ? "," + claim : "")) });
        var presence = said is null ? [] : new JsonObject { ["info"] = JsonNode.Parse(said) };
        _session.Receive(Request("subscribe", new JsonObject { ["channel"] = "c", ["presence"] = presence }));

        _session.Sent.Select(Encoding.UTF8.GetString).ShouldContain(
            $$$"""{"jsonrpc":"2.0","method":"joined","params":{"channel":"c","user":"ann","info":{{{shown}}}}}""");
    }

    [Fact]
    public void Connection_ThatBringsOneForgedTokenAfterTheOther_IsClosed()
    {
        var forged = Jwt.HS256(OtherSecret, Jwt.Claims(Later, "\"sub\":\"ann\""));
        for (var i = 0; i < 16; i++)
        {
            CodeOf(i % 2 == 0 ? "connect" : "refresh", new JsonObject { [i % 2 == 0 ? "app" : "channel"] = "default", ["token"] = forged })
                .ShouldNotBeNull();
            CodeOf("connect", new JsonObject { ["token"] = Token("\"sub\":\"ann\"") }).ShouldBeNull();
        }

        _session.ClosedFor.ShouldBeNull();
        CodeOf("connect", new JsonObject { ["token"] = forged }).ShouldBe(-32006);
        _session.ClosedFor.ShouldBe(Disconnect.TooManyRefusedTokens);
    }

    [Fact]
    public void Notifications_OfExpiry_AreWhatThePageSays()
    {
        IDialectSessionOf(out var session);
        session.Expiring(channel: null, _broker.UnixMs + 30_000);
        session.Expiring(new ChannelName("default", "c"), _broker.UnixMs + 29_999);
        session.Ended(new ChannelName("default", "c"), SubscriptionEnd.Expired);

        _session.Sent.Select(Encoding.UTF8.GetString).ShouldBe(
        [
            """{"jsonrpc":"2.0","method":"expiring","params":{"expiresInMs":30000}}""",
            """{"jsonrpc":"2.0","method":"expiring","params":{"channel":"c","expiresInMs":29999}}""",
            """{"jsonrpc":"2.0","method":"unsubscribed","params":{"channel":"c","code":2501,"reason":"expired"}}""",
        ]);
    }

    [Fact]
    public void NoAnswer_EverHoldsAPartOfAToken()
    {
        string[] tokens = [Token("\"sub\":\"ann\",\"aud\":\"x\""), Jwt.HS256(OtherSecret, Jwt.Claims(Later, "\"sub\":\"ann\"")), Token("\"channel\":\"z\""), "a.b.c"];
        foreach (var token in tokens)
        {
            foreach (var method in new[] { "connect", "subscribe", "history", "presence", "refresh" })
            {
                var parameters = method == "connect" ? new JsonObject { ["token"] = token } : new JsonObject { ["channel"] = "c", ["token"] = token };
                var answer = Call(method, parameters).ToJsonString();
                answer.ShouldContain("\"error\"");
                token.Split('.').Where(part => part.Length > 3).ShouldAllBe(part => !answer.Contains(part, StringComparison.Ordinal));
                answer.ShouldNotContain("secret");
            }
        }
    }

    private void IDialectSessionOf(out Actors.Dialects.IDialectSession session) =>
        session = new NativeDialect(new NativeOptions(), _tokens).Open(_session);

    private string Token(string claims) => Jwt.HS256(Secret, Jwt.Claims(Later, claims));

    private int? CodeOf(string method, JsonObject parameters) => Call(method, parameters)["error"]?["code"]?.GetValue<int>();

    private JsonNode Call(string method, JsonObject parameters)
    {
        _session.Sent.Clear();
        _session.Receive(Request(method, parameters));
        return _session.Sent.Select(message => JsonNode.Parse(message)!).Single(message => message["id"] is not null);
    }

    private static string Request(string method, JsonObject parameters) =>
        new JsonObject { ["jsonrpc"] = "2.0", ["id"] = 1, ["method"] = method, ["params"] = parameters }.ToJsonString();

    private static TokenVerifier Verifier(string secret, string app) => new(
        [new TokenKey(SignatureKey.Read(TokenAlgorithm.HS256, Encoding.UTF8.GetBytes(secret), out _)!, Id: null, Issuer: null, app, IsAudienceRequired: false)],
        new TokenRules());
}
