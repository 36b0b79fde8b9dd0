using System.Security.Cryptography;
using System.Text.Json;
using Broker.Node.Apps;
using Broker.Node.Tests.Nodes;
using Broker.TestKit.Tokens;
using Microsoft.Extensions.DependencyInjection;

namespace Broker.Node.Tests.Apps;

/// <summary>Rotating the keys that sign tokens, by files and by several at a time.</summary>
public sealed class KeyFilesTests : IDisposable
{
    private const string Old = "the first secret, of 32 bytes or more";
    private const string New = "the second secret, of 32 bytes or more";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("broker-keys");

    private string SecretFile => Path.Combine(_folder.FullName, "secret");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task FileThatChanges_TakesEffectAndOpenConnectionsStay()
    {
        await File.WriteAllTextAsync(SecretFile, Old + "\n");
        await using var node = await StartAsync(("Broker:Apps:0:Tokens:0:KeyFile", SecretFile));
        await using var client = await WebSocketClient.ConnectAsync(node.Socket("/rpc"));
        (await ConnectAsync(client, Old)).ShouldBeNull();

        await ReplaceAsync(SecretFile, New + "\r\n");
        node.Services.GetRequiredService<KeyFiles>().Look();

        (await ConnectAsync(client, Old)).ShouldBe(-32006);
        (await client.CallAsync("subscribe", """{"channel":"c"}""")).TryGetProperty("result", out _).ShouldBeTrue();
        (await ConnectAsync(client, New)).ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData(null)]
    public async Task FileThatIsNoGoodAnyMore_ChangesNothingUntilItIs(string? content)
    {
        await File.WriteAllTextAsync(SecretFile, Old);
        await using var node = await StartAsync(("Broker:Apps:0:Tokens:0:KeyFile", SecretFile));
        await using var client = await WebSocketClient.ConnectAsync(node.Socket("/rpc"));
        File.Delete(SecretFile);
        if (content is not null)
        {
            await File.WriteAllTextAsync(SecretFile, content);
        }

        node.Services.GetRequiredService<KeyFiles>().Look();
        (await ConnectAsync(client, Old)).ShouldBeNull();

        await ReplaceAsync(SecretFile, New);
        node.Services.GetRequiredService<KeyFiles>().Look();
        (await ConnectAsync(client, Old)).ShouldBe(-32006);
        (await ConnectAsync(client, New)).ShouldBeNull();
    }

    [Fact]
    public async Task TwoKeysAtATime_TakeTheTokensOfBoth()
    {
        using var rsa = RSA.Create(2_048);
        var publicFile = Path.Combine(_folder.FullName, "public.pem");
        await File.WriteAllTextAsync(publicFile, rsa.ExportSubjectPublicKeyInfoPem());
        await using var node = await StartAsync(
            ("Broker:Apps:0:Tokens:0:Key", Old), ("Broker:Apps:0:Tokens:0:Id", "2026-01"),
            ("Broker:Apps:0:Tokens:1:Key", New), ("Broker:Apps:0:Tokens:1:Id", "2026-02"),
            ("Broker:Apps:0:Tokens:2:KeyFile", publicFile), ("Broker:Apps:0:Tokens:2:Algorithm", "rs256"));
        await using var client = await WebSocketClient.ConnectAsync(node.Socket("/rpc"));
        var claims = Jwt.Claims("\"sub\":\"ann\"");

        (await ConnectByAsync(client, Jwt.HS256(Old, claims, """{"alg":"HS256","kid":"2026-01"}"""))).ShouldBeNull();
        (await ConnectByAsync(client, Jwt.HS256(New, claims, """{"alg":"HS256","kid":"2026-02"}"""))).ShouldBeNull();
        (await ConnectByAsync(client, Jwt.HS256(New, claims))).ShouldBeNull();
        (await ConnectByAsync(client, Jwt.RS256(rsa, claims, """{"alg":"RS256","kid":"any"}"""))).ShouldBeNull();
        (await ConnectByAsync(client, Jwt.HS256(Old, claims, """{"alg":"HS256","kid":"2026-02"}"""))).ShouldBe(-32006);
    }

    private static Task<BrokerNode> StartAsync(params (string Name, string Value)[] settings) =>
        BrokerNode.StartAsync([("Broker:Apps:0:Id", "default"), .. settings]);

    /// <summary>As deployments do: written beside it, then put in its place.</summary>
    private static async Task ReplaceAsync(string file, string content)
    {
        await File.WriteAllTextAsync(file + ".new", content);
        File.Move(file + ".new", file, overwrite: true);
    }

    private static Task<int?> ConnectAsync(WebSocketClient client, string secret) =>
        ConnectByAsync(client, Jwt.HS256(secret, Jwt.Claims("\"sub\":\"ann\"")));

    private static async Task<int?> ConnectByAsync(WebSocketClient client, string token)
    {
        JsonElement answer = await client.CallAsync("connect", $$"""{"token":"{{token}}"}""");
        return answer.TryGetProperty("error", out var error) ? error.GetProperty("code").GetInt32() : null;
    }
}
