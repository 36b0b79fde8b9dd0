using Broker.Node.Tests.Nodes;
using Microsoft.Extensions.Options;

namespace Broker.Node.Tests.Settings;

public sealed class SettingsTests
{
    [Theory]
    [InlineData("Broker:Limits:FrameBytes", "12", "Broker:Limits:FrameBytes must be between 1024 and 67108864.")]
    [InlineData("Broker:Limits:FrameBytes", "many", "Broker:Limits:FrameBytes must be a whole number up to 2,147,483,647; it is \"many\".")]
    [InlineData("Broker:Limits:FramBytes", "65536", "Broker:Limits:FramBytes is not a setting. Is FrameBytes meant?")]
    [InlineData("Broker:Limits", "65536", "Broker:Limits has parts, such as Broker:Limits:FrameBytes; it has no value of its own.")]
    [InlineData("Broker:Limits:FrameBytes:Default", "65536", "Broker:Limits:FrameBytes is one value; it has no parts such as Broker:Limits:FrameBytes:Default.")]
    [InlineData("Broker:Cluster:RabbitMq", "amqp://localhost", "Broker:Cluster:PostgreSql is missing: a cluster needs it beside Broker:Cluster:RabbitMq.")]
    [InlineData("Broker:Cluster:PostgreSql", "Host=localhost", "Broker:Cluster:RabbitMq is missing: a cluster needs it beside Broker:Cluster:PostgreSql.")]
    [InlineData("Broker:Amqp:Enabled", "true", "Broker:Amqp:RabbitMq is missing: Broker:Amqp:Enabled needs it, or Broker:Cluster:RabbitMq.")]
    [InlineData("Broker:Amqp:RabbitMq", "http://a-secret", "Broker:Amqp:RabbitMq must be amqp://user:password@host:port/virtual-host, or amqps:// for TLS.")]
    [InlineData("Broker:Amqp:Apps:0", "nobody", "Broker:Amqp:Apps:0 \"nobody\" is no app; there is default.")]
    [InlineData("Broker:Amqp:Prefetch", "0", "Broker:Amqp:Prefetch must be between 1 and 10000.")]
    [InlineData("Broker:Amqp:Queue", "a queue", "Broker:Amqp:Queue must be of letters, digits and . _ : -")]
    [InlineData("Broker:Cluster:Url", "node1:9772", "Broker:Cluster:Url must be an http or https address; it is \"node1:9772\".")]
    [InlineData("Broker:Sessions:PingAfter", "25", "Broker:Sessions:PingAfter must be a time such as 00:00:25; it is \"25\".")]
    [InlineData("Broker:Sessions:PingAfter", "00:00:00", "Broker:Sessions:PingAfter must be between 00:00:01 and 1.00:00:00.")]
    [InlineData("Broker:Transport:Fast", "yes", "Broker:Transport:Fast must be true or false; it is \"yes\".")]
    [InlineData("Broker:Loops", "-1", "Broker:Loops must be between 0 and 256.")]
    [InlineData("Broker:RocketWs:Version", "0.3", "Broker:RocketWs:Version must be one of 0.2, 0.1.")]
    [InlineData("Broker:Urls", "https://localhost:9772", "Broker:Urls has \"https://localhost:9772\", which needs a certificate: set Broker:Tls:CertificateFile and Broker:Tls:KeyFile.")]
    [InlineData("Broker:Urls", "http://unix:broker.sock", "Broker:Urls must have the full path of a unix socket")]
    [InlineData("Broker:Listeners:0:App", "default", "Broker:Listeners:0:Url is required.")]
    [InlineData("Broker:Listeners:0:Url", "9772", "Broker:Listeners:0:Url must be addresses such as http://localhost:9772")]
    [InlineData("Broker:Listeners:0:Url", "https://localhost:1", "Broker:Listeners:0:Tls:CertificateFile is missing: https needs one, here or in Broker:Tls.")]
    [InlineData("Broker:Listeners:0:Urls", "http://localhost:1", "Broker:Listeners:0:Urls is not a setting. Is Url meant?")]
    [InlineData("Broker:Listeners:0:Dialects", "native", "Broker:Listeners:0:Dialects is a list; its first entry is Broker:Listeners:0:Dialects:0.")]
    [InlineData("Broker:Listeners:0:Dialects:1", "native", "Broker:Listeners:0:Dialects:1 should be Broker:Listeners:0:Dialects:0")]
    [InlineData("Broker:Listeners:0:Dialects:0:Name", "native", "Broker:Listeners:0:Dialects:0 is one value")]
    [InlineData("Broker:Listeners:0:Proxy", "v1", "Broker:Listeners:0:Proxy must be one of None, ProxyProtocol, XForwardedFor, Forwarded; it is \"v1\".")]
    [InlineData("Broker:Tls:KeyFile", "tls.key", "Broker:Tls:CertificateFile is missing: a certificate and a key go together.")]
    [InlineData("Broker:TrustedProxies:0", "nginx", "Broker:TrustedProxies:0 must be an address, a network such as 10.0.0.0/8, or unix; it is \"nginx\".")]
    [InlineData("Broker:Urls", "http://localhost", "Broker:Urls must be addresses such as http://localhost:9772")]
    [InlineData("Broker:Urls", "http://example.com:80", "Broker:Urls must have an IP address, localhost or * as host")]
    [InlineData("Broker:Namespaces:0:Pattern", "", "Broker:Namespaces:0:Pattern is required.")]
    [InlineData("Broker:Namespaces:1:Pattern", "chat", "Broker:Namespaces:1 should be Broker:Namespaces:0")]
    [InlineData("Broker:Apps:0:Key", "k", "Broker:Apps:0:Id is required.")]
    [InlineData("Broker:Apps:0:Kind", "pusher", "Broker:Apps:0:Kind must be one of Native; it is \"pusher\".")]
    [InlineData("Broker:Admin:Token", "short", "Broker:Admin:Token must be")]
    [InlineData("Broker:Metrics:Token", "sha256:0123456789abcdef", "Broker:Metrics:Token must be sha256: and 64")]
    [InlineData("Broker:Telemetry:Otlp:Endpoint", "collector:4318", "Broker:Telemetry:Otlp:Endpoint must be an http or https address")]
    [InlineData("Broker:Telemetry:TracePercent", "101", "Broker:Telemetry:TracePercent must be between 0 and 100.")]
    [InlineData("Broker:Echo:Path", "echo", "Broker:Echo:Path must be a path of its own")]
    [InlineData("Broker:Echo:Path", "/rpc", "Broker:Echo:Path must be a path of its own")]
    [InlineData("Broker:WebRocket:Hubs:0:Credentials:ReadOnly", "", "Broker:WebRocket:Hubs:0:Path is required.")]
    [InlineData("Broker:WebRocket:Hubs:0:Path", "/echo", "Broker:WebRocket:Hubs:0 has neither Credentials nor Users: nobody could do anything there.")]
    [InlineData("Broker:WebRocket:Hub:0:Path", "/echo", "Broker:WebRocket:Hub is not a setting. Is Hubs meant?")]
    [InlineData("Broker:WebRocket:Hubs:0:Users:0:Permission", "8", "Broker:WebRocket:Hubs:0:Path is required.")]
    [InlineData("Broker:WebRocket:RememberedChannels", "1", "Broker:WebRocket:RememberedChannels must be between 1024 and 1073741824.")]
    [InlineData("Broker:Limits:WrongSecretsPerMinutePerAddress", "-1", "Broker:Limits:WrongSecretsPerMinutePerAddress must be between 0 and 1000000.")]
    public async Task Start_WhenASettingIsWrong_StopsWithItsName(string name, string value, string message)
    {
        var wrong = await Should.ThrowAsync<OptionsValidationException>(() => BrokerNode.StartAsync((name, value)));

        wrong.Failures.First().ShouldStartWith(message);
    }

    [Theory]
    [InlineData("Dialects:0", "fnord", "Broker:Listeners:0:Dialects:0 must be one of native, rocketws, webrocket, jsonrpc, echo, api, sse, health, metrics, admin, demo; it is \"fnord\".")]
    [InlineData("App", "shop", "Broker:Listeners:0:App \"shop\" is no app; there is default.")]
    [InlineData("Proxy", "ProxyProtocol", "Broker:Listeners:0:Proxy cannot be ProxyProtocol without Broker:TrustedProxies: nobody's word would count.")]
    [InlineData("Tls:CertificateFile", "tls.crt", "Broker:Listeners:0:Url must be https, as there is a certificate; it is \"http://127.0.0.1:0\".")]
    public async Task Start_WhenAListenerIsWrong_StopsWithItsName(string name, string value, string message)
    {
        var wrong = await Should.ThrowAsync<OptionsValidationException>(() => BrokerNode.StartAsync(
            ("Broker:Listeners:0:Url", "http://127.0.0.1:0"), ($"Broker:Listeners:0:{name}", value)));

        wrong.Failures.First().ShouldBe(message);
    }

    [Theory]
    [InlineData("Path", "echo", "Path must be a path such as /echo or /echo/; it is \"echo\".")]
    [InlineData("Path", "/a/../b", "Path must be a path such as /echo or /echo/; it is \"/a/../b\".")]
    [InlineData("Path", "/a?v=1", "Path must be a path such as /echo or /echo/; it is \"/a?v=1\".")]
    [InlineData("Path", "/rpc", "Path \"/rpc\" is another's: a hub needs a path of its own.")]
    [InlineData("Path", "/other", "Path \"/other\" is another's: a hub needs a path of its own.")]
    [InlineData("App", "shop", "App \"shop\" is no app; there is default.")]
    [InlineData("Version", "3", "Version must be one of 1, 2.")]
    [InlineData("Version", "2", "Users is missing: Version 2 knows nobody else.")]
    [InlineData("Direct", "yes", "Direct must be true or false; it is \"yes\".")]
    [InlineData("Origins:0", "example.com", "Origins:0 must be an origin such as https://www.example.com; it is \"example.com\".")]
    [InlineData("Credentials:ReadWrite", "sha256:12", "Credentials:ReadWrite must be sha256: and 64 hexadecimal digits.")]
    [InlineData("Credentials:Write", "secret", "Credentials:Write is not a setting. There is ReadOnly, ReadWrite.")]
    [InlineData("Users:0:Name", "ann", "Users:0:Secret is required.")]
    public async Task Start_WhenAHubIsWrong_StopsWithItsName(string name, string value, string message)
    {
        var wrong = await Should.ThrowAsync<OptionsValidationException>(() => BrokerNode.StartAsync(
        [
            ("Broker:WebRocket:Hubs:0:Path", "/other"),
            ("Broker:WebRocket:Hubs:0:Credentials:ReadOnly", "secret"),
            ("Broker:WebRocket:Hubs:1:Credentials:ReadOnly", "secret"),
            (string.Concat("Broker:WebRocket:Hubs:1:", name), value),
            .. name == "Path" ? Array.Empty<(string, string)>() : [("Broker:WebRocket:Hubs:1:Path", "/echo")],
        ]));

        wrong.Failures.First().ShouldBe("Broker:WebRocket:Hubs:1:" + message);
    }

    [Fact]
    public async Task Start_WhenAHubsUsersOrAppsAreWrong_SaysAllOfIt()
    {
        var wrong = await Should.ThrowAsync<OptionsValidationException>(() => BrokerNode.StartAsync(
            ("Broker:WebRocket:Hubs:0:Path", "/echo"), ("Broker:WebRocket:Hubs:0:Version", "1"), ("Broker:WebRocket:Hubs:0:App", "default"),
            ("Broker:WebRocket:Hubs:0:Origins:0", "*"),
            ("Broker:WebRocket:Hubs:0:Users:0:Name", "ann"), ("Broker:WebRocket:Hubs:0:Users:0:Secret", ""), ("Broker:WebRocket:Hubs:0:Users:0:Permission", "1"),
            ("Broker:WebRocket:Hubs:0:Users:1:Name", "ann"), ("Broker:WebRocket:Hubs:0:Users:1:Secret", "sha256:x"), ("Broker:WebRocket:Hubs:0:Users:1:Permission", "7")));

        wrong.Failures.ShouldBe(
        [
            "Broker:WebRocket:Hubs:0:Origins cannot be set beside App: those of the app count.",
            "Broker:WebRocket:Hubs:0:Credentials is missing: Version 1 knows no users.",
            "Broker:WebRocket:Hubs:0:Users:1:Name \"ann\" is there twice.",
            "Broker:WebRocket:Hubs:0:Users:1:Secret must be sha256: and 64 hexadecimal digits.",
        ]);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("8")]
    public async Task Start_WhenAPermissionIsNone_SaysSo(string permission)
    {
        var wrong = await Should.ThrowAsync<OptionsValidationException>(() => BrokerNode.StartAsync(
            ("Broker:WebRocket:Hubs:0:Path", "/echo"), ("Broker:WebRocket:Hubs:0:Users:0:Name", "ann"), ("Broker:WebRocket:Hubs:0:Users:0:Secret", ""),
            ("Broker:WebRocket:Hubs:0:Users:0:Permission", permission)));

        wrong.Failures.ShouldBe(["Broker:WebRocket:Hubs:0:Users:0:Permission must be between 1 and 7."]);
    }

    [Fact]
    public async Task Start_WhenAnOriginIsWrong_StopsWithItsName()
    {
        var wrong = await Should.ThrowAsync<OptionsValidationException>(() => BrokerNode.StartAsync(
            ("Broker:Apps:0:Id", "shop"), ("Broker:Apps:0:Origins:0", "https://a.example"), ("Broker:Apps:0:Origins:1", "b.example")));

        wrong.Failures.ShouldHaveSingleItem().ShouldStartWith("Broker:Apps:0:Origins:1 must be an origin such as");
    }

    [Fact]
    public async Task Start_WhenANamespaceNamesAnUnknownApp_SaysWhichThereAre()
    {
        var wrong = await Should.ThrowAsync<OptionsValidationException>(() => BrokerNode.StartAsync(
            ("Broker:Apps:0:Id", "shop"), ("Broker:Namespaces:0:App", "shpo"), ("Broker:Namespaces:0:Pattern", "*")));

        wrong.Failures.ShouldBe(["Broker:Namespaces:0:App \"shpo\" is no app; there is shop, default."]);
    }

    [Fact]
    public async Task Start_WhenANamespaceIsDurable_SaysThatThereIsNoJournal()
    {
        var wrong = await Should.ThrowAsync<OptionsValidationException>(() => BrokerNode.StartAsync(
            ("Broker:Namespaces:0:Pattern", "orders.*"), ("Broker:Namespaces:0:Durable", "true")));

        wrong.Failures.ShouldBe(["Broker:Namespaces:0:Durable cannot be true: this version keeps no journal."]);
    }

    [Fact]
    public async Task Start_WhenAnAppIsThereTwiceOrHalf_SaysSo()
    {
        var wrong = await Should.ThrowAsync<OptionsValidationException>(() => BrokerNode.StartAsync(
            ("Broker:Apps:0:Id", "shop"), ("Broker:Apps:1:Id", "shop"), ("Broker:Apps:1:Key", "k")));

        wrong.Failures.ShouldBe(
        [
            "Broker:Apps:1:Id \"shop\" is there twice.",
            "Broker:Apps:1:Secret is missing: a key and a secret go together.",
        ]);
    }

    [Fact]
    public async Task Start_WhenAnOutboxCannotHoldAMessage_SaysSo()
    {
        var wrong = await Should.ThrowAsync<OptionsValidationException>(() => BrokerNode.StartAsync(
            ("Broker:Limits:FrameBytes", "1048576"), ("Broker:Limits:OutboxBytes", "65536")));

        wrong.Failures.ShouldHaveSingleItem().ShouldStartWith("Broker:Limits:OutboxBytes must have room for a message");
    }

    [Fact]
    public async Task Start_WithEveryLargeLimit_Starts()
    {
        await using var node = await BrokerNode.StartAsync(("Broker:Limits:FrameBytes", "67108864"), ("Broker:Loops", "1"));

        (await node.Http.GetAsync("/health/ready")).IsSuccessStatusCode.ShouldBeTrue();
    }
}
