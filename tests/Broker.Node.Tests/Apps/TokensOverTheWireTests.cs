using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Broker.Node.Tests.Nodes;
using Broker.TestKit.Tokens;
using Microsoft.Extensions.Logging;

namespace Broker.Node.Tests.Apps;

/// <summary>Tokens as clients meet them: every attack on them, renewing and expiring, over a WebSocket of a real node.</summary>
[Trait("Needs", "server")]
public sealed class TokensOverTheWireTests : IDisposable
{
    private const string Secret = "the app shop's secret, of 32 bytes..";

    private readonly RSA _rsa = RSA.Create(2_048);
    private readonly ECDsa _ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly Lines _log = new();

    public void Dispose()
    {
        _rsa.Dispose();
        _ecdsa.Dispose();
    }

    [Fact]
    public async Task TokenOfEachAlgorithm_NamesItsUser()
    {
        await using var node = await StartAsync();
        var claims = Jwt.Claims("\"sub\":\"ann\",\"aud\":\"shop\"");
        foreach (var token in new[] { Jwt.HS256(Secret, claims), Jwt.RS256(_rsa, claims), Jwt.ES256(_ecdsa, claims) })
        {
            await using var client = await WebSocketClient.ConnectAsync(node.Socket("/rpc"));
            var answer = await ConnectAsync(client, token);
            answer.GetProperty("result").GetProperty("user").GetString().ShouldBe("ann");
            answer.GetProperty("result").GetProperty("expiresInMs").GetInt64().ShouldBeInRange(3_500_000, 3_610_000);
            (await client.CallAsync("subscribe", """{"channel":"orders"}""")).TryGetProperty("result", out _).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task ForgedToken_IsRefusedAndOpensNothing() => await ShouldOpenNothingAsync(
        -32006,
        Jwt.HS256(Secret + "?", Jwt.Claims("\"sub\":\"mallory\"")),
        Jwt.RS256(RSA.Create(2_048), Jwt.Claims("\"sub\":\"mallory\"")),
        Jwt.ES256(ECDsa.Create(ECCurve.NamedCurves.nistP256), Jwt.Claims("\"sub\":\"mallory\"")),
        Tampered(Jwt.HS256(Secret, Jwt.Claims("\"sub\":\"ann\""))),
        Jwt.HS256(Secret, Jwt.Claims("\"sub\":\"mallory\""))[..^2]);

    [Fact]
    public async Task UnsignedToken_IsRefusedAndOpensNothing() => await ShouldOpenNothingAsync(
        -32006,
        [.. new[] { "none", "None", "NONE", "" }.Select(algorithm => Jwt.Sign($$"""{"alg":"{{algorithm}}"}""", Jwt.Claims("\"sub\":\"mallory\""), _ => []))]);

    [Fact]
    public async Task AlgorithmConfusedToken_IsRefusedAndOpensNothing() => await ShouldOpenNothingAsync(
        -32006,
        Jwt.HS256(_rsa.ExportSubjectPublicKeyInfoPem(), Jwt.Claims("\"sub\":\"mallory\"")),
        Jwt.HS256(_rsa.ExportSubjectPublicKeyInfoPem() + "\n", Jwt.Claims("\"sub\":\"mallory\"")),
        Jwt.HS256(_rsa.ExportSubjectPublicKeyInfo(), Jwt.Claims("\"sub\":\"mallory\"")),
        Jwt.HS256(_ecdsa.ExportSubjectPublicKeyInfoPem(), Jwt.Claims("\"sub\":\"mallory\"")),
        Jwt.HS256(_rsa.ExportSubjectPublicKeyInfoPem(), Jwt.Claims("\"sub\":\"mallory\""), """{"alg":"RS256"}"""));

    [Fact]
    public async Task ExpiredToken_IsRefusedAndOpensNothing() => await ShouldOpenNothingAsync(
        -32007, Jwt.HS256(Secret, Jwt.Claims(Now - 11_000, "\"sub\":\"ann\"")), Jwt.RS256(_rsa, Jwt.Claims(0, "\"sub\":\"ann\"")));

    [Fact]
    public async Task EarlyToken_IsRefusedAndOpensNothing() => await ShouldOpenNothingAsync(
        -32008,
        Jwt.HS256(Secret, Jwt.Claims($"\"sub\":\"ann\",\"nbf\":{(Now / 1_000) + 600}")),
        Jwt.HS256(Secret, Jwt.Claims($"\"sub\":\"ann\",\"iat\":{(Now / 1_000) + 600}")));

    [Fact]
    public async Task WronglyAddressedToken_IsRefusedAndOpensNothing() => await ShouldOpenNothingAsync(
        -32009,
        Jwt.HS256(Secret, Jwt.Claims("\"sub\":\"ann\",\"aud\":\"other\"")),
        Jwt.ES256(_ecdsa, Jwt.Claims("\"sub\":\"ann\",\"aud\":\"other\",\"iss\":\"us\"")),
        Jwt.HS256(Secret, Jwt.Claims("\"sub\":\"ann\",\"channel\":\"orders\"")),
        Jwt.HS256(Secret, Jwt.Claims("\"channels\":[\"*\"]")));

    [Fact]
    public async Task TokenOfAnotherApp_IsRefusedAndOpensNothing() => await ShouldOpenNothingAsync(
        -32006, Jwt.HS256("the app other's secret, of 32 bytes.", Jwt.Claims("\"sub\":\"ann\",\"channels\":[\"*\"]")));

    [Fact]
    public async Task TokenForAnotherChannel_IsRefusedAndDeliversNothing()
    {
        await using var node = await StartAsync();
        await using var watcher = await WebSocketClient.ConnectAsync(node.Socket("/rpc"));
        await using var client = await WebSocketClient.ConnectAsync(node.Socket("/rpc"));
        (await ConnectAsync(watcher, Jwt.HS256(Secret, Jwt.Claims("\"sub\":\"ann\",\"channels\":[\"private-*\"]")))).TryGetProperty("result", out _).ShouldBeTrue();
        (await watcher.CallAsync("subscribe", """{"channel":"private-1"}""")).TryGetProperty("result", out _).ShouldBeTrue();
        (await ConnectAsync(client, Jwt.HS256(Secret, Jwt.Claims("\"sub\":\"bob\"")))).TryGetProperty("result", out _).ShouldBeTrue();
        foreach (var claims in new[] { "\"channel\":\"private-2\"", "\"channel\":\"private-*\"", "\"channel\":\"private-1\",\"sub\":\"ann\"", "\"channels\":[\"private-1\"]" })
        {
            var token = Jwt.HS256(Secret, Jwt.Claims(claims));
            CodeOf(await client.CallAsync("subscribe", $$"""{"channel":"private-1","token":"{{token}}"}""")).ShouldBe(-32009);
            CodeOf(await client.CallAsync("publish", $$"""{"channel":"private-1","event":"e","data":"mallory","token":"{{token}}"}""")).ShouldBe(-32009);
        }

        (await watcher.CallAsync("publish", """{"channel":"private-1","event":"e","data":"ann"}""")).GetProperty("result").GetProperty("offset").GetInt64().ShouldBe(1);
        (await watcher.ReceiveAsync()).GetProperty("params").GetProperty("data").GetString().ShouldBe("ann");
        CodeOf(await client.CallAsync("history", """{"channel":"private-1"}""")).ShouldBe(-32003);
        client.Waiting.ShouldBe(0);
    }

    [Fact]
    public async Task Connection_WhoseTokenExpires_IsClosedWithItsCode()
    {
        await using var node = await StartAsync(("Broker:Tokens:Leeway", "00:00:00"));
        await using var client = await WebSocketClient.ConnectAsync(node.Socket("/rpc"));
        await ConnectAsync(client, Jwt.HS256(Secret, Jwt.Claims(Now + 2_000, "\"sub\":\"ann\"")));
        await client.WaitForCloseAsync();

        ((int?)client.CloseStatus).ShouldBe(3005);
        client.CloseReason.ShouldBe("expired");
    }

    [Fact]
    public async Task Connection_ThatIsToldOfExpiry_RenewsItAndLosesNothing()
    {
        await using var node = await StartAsync(("Broker:Tokens:Leeway", "00:00:00"), ("Broker:Tokens:NoticeBefore", "00:00:02"));
        await using var client = await WebSocketClient.ConnectAsync(node.Socket("/rpc"));
        await ConnectAsync(client, Jwt.HS256(Secret, Jwt.Claims(Now + 4_000, "\"sub\":\"ann\"")));
        await client.CallAsync("subscribe", """{"channel":"orders"}""");

        var told = await client.ReceiveAsync();
        told.GetProperty("method").GetString().ShouldBe("expiring");
        told.GetProperty("params").GetProperty("expiresInMs").GetInt64().ShouldBeInRange(1, 2_000);
        CodeOf(await ConnectAsync(client, Jwt.HS256(Secret, Jwt.Claims("\"sub\":\"bob\"")))).ShouldBe(-32003);
        CodeOf(await client.CallAsync("connect", """{"app":"shop"}""")).ShouldBe(-32003);
        (await ConnectAsync(client, Jwt.RS256(_rsa, Jwt.Claims("\"sub\":\"ann\"")))).GetProperty("result").GetProperty("user").GetString().ShouldBe("ann");

        // A subscription by a token of its own ends when the first one would have.
        var proof = Jwt.HS256(Secret, Jwt.Claims(Now + 3_000, "\"channel\":\"private-1\",\"sub\":\"ann\""));
        (await client.CallAsync("subscribe", $$"""{"channel":"private-1","token":"{{proof}}"}""")).TryGetProperty("result", out _).ShouldBeTrue();
        (await client.ReceiveAsync()).GetProperty("method").GetString().ShouldBe("expiring");
        var ended = await client.ReceiveAsync();
        ended.GetProperty("method").GetString().ShouldBe("unsubscribed");
        ended.GetProperty("params").GetProperty("code").GetInt32().ShouldBe(2501);
        (await client.CallAsync("publish", """{"channel":"orders","event":"e","data":1}""")).TryGetProperty("result", out _).ShouldBeTrue();
        (await client.ReceiveAsync()).GetProperty("params").GetProperty("channel").GetString().ShouldBe("orders");
    }

    [Fact]
    public async Task Connect_ByATokenLargerThanAllowed_IsRefused()
    {
        await using var node = await StartAsync(("Broker:Tokens:Length", "256"));
        await using var client = await WebSocketClient.ConnectAsync(node.Socket("/rpc"));

        CodeOf(await ConnectAsync(client, Jwt.HS256(Secret, Jwt.Claims($"\"sub\":\"ann\",\"more\":\"{new string('x', 200)}\"")))).ShouldBe(-32006);
    }

    /// <summary>Each is refused by the code, twice; nothing is open afterwards that was not before; and no log has a word of them.</summary>
    private async Task ShouldOpenNothingAsync(int code, params string[] tokens)
    {
        await using var node = await StartAsync();
        foreach (var token in tokens)
        {
            await using var client = await WebSocketClient.ConnectAsync(node.Socket("/rpc"));
            var refused = await ConnectAsync(client, token);
            CodeOf(refused).ShouldBe(code, token);
            CodeOf(await ConnectAsync(client, token)).ShouldBe(code);
            CodeOf(await client.CallAsync("subscribe", """{"channel":"orders"}""")).ShouldBe(-32004);
            CodeOf(await client.CallAsync("publish", """{"channel":"orders","event":"e","data":1}""")).ShouldBe(-32004);
            CodeOf(await client.CallAsync("history", """{"channel":"orders"}""")).ShouldBe(-32004);
            CodeOf(await client.CallAsync("connect", """{"app":"shop"}""")).ShouldBeNull();
            CodeOf(await client.CallAsync("subscribe", """{"channel":"orders"}""")).ShouldBe(-32003);

            var parts = token.Split('.').Where(part => part.Length > 8).ToArray();
            refused.GetRawText().ShouldNotContain("mallory");
            parts.ShouldAllBe(part => !refused.GetRawText().Contains(part, StringComparison.Ordinal));
            parts.ShouldAllBe(part => !_log.Text.Contains(part, StringComparison.Ordinal));
        }

        _log.Text.ShouldNotContain(Secret);
        _log.Text.ShouldNotContain("mallory");
        _log.Text.ShouldNotBeEmpty();
    }

    private Task<BrokerNode> StartAsync(params (string Name, string Value)[] settings) => BrokerNode.StartAsync(
        builder => builder.Logging.AddProvider(_log),
    [
        ("Logging:LogLevel:Default", "Trace"),
        ("Logging:LogLevel:Microsoft", "Trace"),
        ("Broker:Apps:0:Id", "shop"),
        ("Broker:Apps:0:Tokens:0:Key", Secret),
        ("Broker:Apps:0:Tokens:1:Algorithm", "RS256"),
        ("Broker:Apps:0:Tokens:1:Key", _rsa.ExportSubjectPublicKeyInfoPem()),
        ("Broker:Apps:0:Tokens:2:Algorithm", "ES256"),
        ("Broker:Apps:0:Tokens:2:Key", _ecdsa.ExportSubjectPublicKeyInfoPem()),
        ("Broker:Apps:1:Id", "other"),
        ("Broker:Apps:1:Tokens:0:Key", "the app other's secret, of 32 bytes."),
        ("Broker:Namespaces:0:App", "shop"),
        ("Broker:Namespaces:0:Pattern", "private-*"),
        ("Broker:Namespaces:0:Subscribe", "Proof"),
        ("Broker:Namespaces:0:Publish", "Proof"),
        .. settings,
    ]);

    private static long Now => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    private static string Tampered(string token)
    {
        var parts = token.Split('.');
        return $"{parts[0]}.{Jwt.Encode(Encoding.UTF8.GetBytes(Jwt.Claims("\"sub\":\"mallory\"")))}.{parts[2]}";
    }

    private static Task<JsonElement> ConnectAsync(WebSocketClient client, string token) =>
        client.CallAsync("connect", $$"""{"app":"shop","token":"{{token}}"}""");

    private static int? CodeOf(JsonElement answer) =>
        answer.TryGetProperty("error", out var error) ? error.GetProperty("code").GetInt32() : null;

    /// <summary>Keeps everything that is logged.</summary>
    private sealed class Lines : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public string Text => string.Join('\n', _lines);

        public ILogger CreateLogger(string categoryName) => this;

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
