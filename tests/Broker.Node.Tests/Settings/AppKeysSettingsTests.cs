using System.Security.Cryptography;
using Broker.Node.Tests.Nodes;
using Microsoft.Extensions.Options;

namespace Broker.Node.Tests.Settings;

/// <summary>Keys that are no good stop the node with the setting's name, and never with the key.</summary>
public sealed class AppKeysSettingsTests
{
    private const string Good = "a secret of 32 bytes or more, good";

    [Theory]
    [InlineData("Tokens:0:Key", "weak-secret", "Broker:Apps:0:Tokens:0:Key is too short: HS256 takes a secret of 32 bytes or more.")]
    [InlineData("Tokens:0:KeyFile", "/nowhere/at/all", "Broker:Apps:0:Tokens:0:KeyFile \"/nowhere/at/all\" cannot be read.")]
    [InlineData("Tokens:0:Issuer", "us", "Broker:Apps:0:Tokens:0:Key is missing: set it, or KeyFile.")]
    [InlineData("Tokens:0:Algorithm", "none", "Broker:Apps:0:Tokens:0:Algorithm must be one of HS256, RS256, ES256; it is \"none\".")]
    [InlineData("ApiKeys:0", "weak-api-key", "Broker:Apps:0:ApiKeys:0 is too short: an API key has 16 characters or more.")]
    [InlineData("ApiKeys:0", "", "Broker:Apps:0:ApiKeys:0 is too short: an API key has 16 characters or more.")]
    [InlineData("ApiKeys:0", "sha256:weak-hash", "Broker:Apps:0:ApiKeys:0 must be sha256: and 64 hexadecimal digits.")]
    [InlineData("ApiKeys:0:Key", "weak", "Broker:Apps:0:ApiKeys:0 is one value; it has no parts such as Broker:Apps:0:ApiKeys:0:Key.")]
    [InlineData("ApiKeys", "weak-api-key", "Broker:Apps:0:ApiKeys is a list; its first entry is Broker:Apps:0:ApiKeys:0.")]
    public async Task Start_WithAKeyThatIsNoGood_StopsWithTheSettingsName(string name, string value, string message)
    {
        var wrong = await FailAsync(("Broker:Apps:0:" + name, value));

        wrong.First().ShouldStartWith(message);
        wrong.ShouldAllBe(line => !line.Contains("weak", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_WithAWeakOrAPrivateKeyPair_StopsWithTheSettingsName()
    {
        using var weak = RSA.Create(1_024);
        using var rsa = RSA.Create(2_048);
        var wrong = await FailAsync(
            ("Broker:Apps:0:Tokens:0:Algorithm", "RS256"), ("Broker:Apps:0:Tokens:0:Key", weak.ExportSubjectPublicKeyInfoPem()),
            ("Broker:Apps:0:Tokens:1:Algorithm", "RS256"), ("Broker:Apps:0:Tokens:1:Key", rsa.ExportPkcs8PrivateKeyPem()),
            ("Broker:Apps:0:Tokens:2:Key", rsa.ExportSubjectPublicKeyInfoPem()),
            ("Broker:Apps:0:Tokens:3:Key", Good), ("Broker:Apps:0:Tokens:3:KeyFile", "x"));

        wrong.ShouldBe(
        [
            "Broker:Apps:0:Tokens:0:Key has 1024 bits: RS256 takes 2048 or more.",
            "Broker:Apps:0:Tokens:1:Key holds a private key: keep that with who signs, and give the public one here.",
            "Broker:Apps:0:Tokens:2:Key is PEM: HS256 takes a secret, and a public key is none.",
            "Broker:Apps:0:Tokens:3:Key and KeyFile are both set: one of them is enough.",
        ]);
    }

    [Theory]
    [InlineData(null, null, false)]
    [InlineData("one", null, false)]
    [InlineData("one", "one", false)]
    [InlineData("one", "two", true)]
    public async Task Start_WithAKeyOfTwoApps_NeedsAnAudienceForEach(string? first, string? second, bool starts)
    {
        (string, string)[] settings =
        [
            ("Broker:Apps:0:Tokens:0:Key", Good), ("Broker:Apps:0:Tokens:0:Audience", first ?? ""),
            ("Broker:Apps:1:Id", "b"), ("Broker:Apps:1:Tokens:0:Key", Good), ("Broker:Apps:1:Tokens:0:Audience", second ?? ""),
        ];
        if (starts)
        {
            await using var node = await BrokerNode.StartAsync([("Broker:Apps:0:Id", "a"), .. settings]);
        }
        else
        {
            (await FailAsync(settings)).ShouldHaveSingleItem().ShouldStartWith("Broker:Apps:1:Tokens:0 is a key of the app \"a\" too");
        }
    }

    [Fact]
    public async Task Start_WithAHashForTheMessageSourceThatIsNone_StopsWithTheSettingsName() =>
        (await FailAsync(("Broker:RocketWs:SourceToken", "sha256:1234"))).ShouldBe(["Broker:RocketWs:SourceToken must be sha256: and 64 hexadecimal digits."]);

    private static async Task<IEnumerable<string>> FailAsync(params (string, string)[] settings) =>
        (await Should.ThrowAsync<OptionsValidationException>(() => BrokerNode.StartAsync([("Broker:Apps:0:Id", "a"), .. settings]))).Failures;
}
