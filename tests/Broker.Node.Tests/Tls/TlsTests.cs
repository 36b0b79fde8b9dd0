using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using Broker.Node.Tests.Nodes;
using Broker.Node.Tls;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Broker.Node.Tests.Tls;

public sealed class TlsTests : IDisposable
{
    private const int Crowd = 1_000;

    private readonly TestCertificate _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Handshake_OfTls12AndUp_IsTaken(SslProtocols version)
    {
        await using var node = await StartAsync();
        using var client = await RawHttp.ConnectAsync(node.Port);
        var tls = await client.SecureAsync(Options(version));

        tls.SslProtocol.ShouldBe(version);
    }

    /// <summary>By hand, since a client's library would not even try: a hello of TLS 1.1, answered by the alert protocol_version.</summary>
    [Theory]
    [InlineData("0302")]
    [InlineData("0301")]
    public async Task Handshake_OfOlderTls_IsRefused(string version)
    {
        await using var node = await StartAsync();
        using var client = await RawHttp.ConnectAsync(node.Port);

        // record(handshake, version, length) client_hello(length, version, random, no session, one cipher suite, no compression)
        var hello = version + new string('0', 64) + "00" + "0002C013" + "0100";
        var handshake = $"01{hello.Length / 2:X6}{hello}";
        await client.SendAsync(Convert.FromHexString($"160301{handshake.Length / 2:X4}{handshake}"));

        var alert = Convert.ToHexString([.. (await client.ReadToEndAsync()).Select(character => (byte)character)]);
        alert.ShouldStartWith("15");
        alert.ShouldEndWith("000202" + "46");
    }

    /// <summary>A browser with an HTTP/2 connection would open its WebSockets in it.</summary>
    [Fact]
    public async Task Alpn_OffersHttp11Only()
    {
        await using var node = await StartAsync();
        using var client = await RawHttp.ConnectAsync(node.Port);
        var tls = await client.SecureAsync(Options(SslProtocols.None, SslApplicationProtocol.Http2, SslApplicationProtocol.Http11));

        tls.NegotiatedApplicationProtocol.ShouldBe(SslApplicationProtocol.Http11);
    }

    [Fact]
    public async Task Files_OfAnEcdsaKey_Serve()
    {
        _files.Write(TestCertificate.Create(isEcdsa: true));
        await using var node = await StartAsync();

        (await ThumbprintAsync(node)).ShouldBe(_files.Thumbprint);
    }

    [Fact]
    public async Task Files_WhenTheyAreReplaced_ServeNewConnections()
    {
        await using var node = await StartAsync();
        var old = await ThumbprintAsync(node);
        _files.Write(TestCertificate.Create());

        Refresh(node);

        old.ShouldNotBe(_files.Thumbprint);
        (await ThumbprintAsync(node)).ShouldBe(_files.Thumbprint);
    }

    /// <summary>How Kubernetes changes a secret: the files are links into <c>..data</c>, which is a link that is replaced.</summary>
    [Fact]
    public async Task Files_BehindALinkThatIsSwapped_ServeNewConnections()
    {
        var certificate = TestCertificate.Create();
        foreach (var (name, created) in new[] { ("..one", TestCertificate.Create()), ("..two", certificate) })
        {
            var folder = Directory.CreateDirectory(Path.Combine(_files.Folder, name)).FullName;
            await File.WriteAllTextAsync(Path.Combine(folder, "tls.crt"), created.Certificate);
            await File.WriteAllTextAsync(Path.Combine(folder, "tls.key"), created.Key);
        }

        var data = Path.Combine(_files.Folder, "..data");
        File.CreateSymbolicLink(data, "..one");
        foreach (var file in (string[])[_files.CertificatePath, _files.KeyPath])
        {
            File.Delete(file);
            File.CreateSymbolicLink(file, Path.Combine("..data", Path.GetFileName(file)));
        }

        await using var node = await StartAsync(_ => { });
        (await ThumbprintAsync(node)).ShouldNotBe(certificate.Thumbprint);
        File.CreateSymbolicLink(data + "_tmp", "..two");
        using (var move = Process.Start("mv", ["-T", data + "_tmp", data]))   // rename(2); File.Move would look behind the link
        {
            await move.WaitForExitAsync();
        }

        // Not asked to: it looks by itself.
        string seen;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        do
        {
            patience.Token.ThrowIfCancellationRequested();
            seen = await ThumbprintAsync(node);
        }
        while (seen != certificate.Thumbprint);
    }

    [Fact]
    public async Task Files_WhenTheyChangeUnderConnectedClients_DropNone()
    {
        await using var node = await StartAsync(("Broker:Echo:Path", "/echo"));
        var clients = new ConcurrentBag<ClientWebSocket>();
        await Parallel.ForEachAsync(Enumerable.Range(0, Crowd), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (_, cancellationToken) =>
        {
            var client = new ClientWebSocket();
            client.Options.RemoteCertificateValidationCallback = TestCertificate.IsOne;
            await client.ConnectAsync(new Uri($"wss://127.0.0.1:{node.Port}/echo"), cancellationToken);
            clients.Add(client);
        });
        var old = _files.Thumbprint;

        for (var i = 0; i < 3; i++)
        {
            _files.Write(TestCertificate.Create());
            Refresh(node);
            (await ThumbprintAsync(node)).ShouldBe(_files.Thumbprint);
        }

        old.ShouldNotBe(_files.Thumbprint);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var buffer = new byte[64];
        foreach (var client in clients)
        {
            await client.SendAsync("still here"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, patience.Token);
            var echo = await client.ReceiveAsync(buffer, patience.Token);
            buffer.AsSpan(0, echo.Count).SequenceEqual("still here"u8).ShouldBeTrue();
            client.Dispose();
        }

        clients.Count.ShouldBe(Crowd);
    }

    [Theory]
    [InlineData("certificate", "holds no certificate in PEM.")]
    [InlineData("key", "holds no private key in PEM that goes with the certificate.")]
    [InlineData("other key", "holds no private key in PEM that goes with the certificate.")]
    [InlineData("gone", "cannot be read.")]
    [InlineData("expired", "has expired")]
    public async Task Files_WhenTheNewOnesCannotServe_KeepTheOld_AndSaySoOnce(string what, string failure)
    {
        var log = new RecordingLog();
        await using var node = await StartAsync(log);
        var thumbprint = _files.Thumbprint;
        Spoil(what);

        Refresh(node);
        Refresh(node);

        (await ThumbprintAsync(node)).ShouldBe(thumbprint);
        log.Errors.ShouldHaveSingleItem().ShouldContain(failure);

        _files.Write(TestCertificate.Create());
        Refresh(node);
        (await ThumbprintAsync(node)).ShouldBe(_files.Thumbprint);
    }

    /// <summary>Two files cannot be replaced at once.</summary>
    [Fact]
    public async Task Files_WhenTheKeyComesAfterTheCertificate_ServeOnceBothAreThere()
    {
        await using var node = await StartAsync();
        var old = _files.Thumbprint;
        var next = TestCertificate.Create();
        await File.WriteAllTextAsync(_files.CertificatePath, next.Certificate);
        Refresh(node);
        (await ThumbprintAsync(node)).ShouldBe(old);

        await File.WriteAllTextAsync(_files.KeyPath, next.Key);
        Refresh(node);

        (await ThumbprintAsync(node)).ShouldBe(next.Thumbprint);
    }

    [Theory]
    [InlineData("certificate", "Broker:Listeners:0:Tls:CertificateFile holds no certificate in PEM.")]
    [InlineData("key", "Broker:Listeners:0:Tls:KeyFile holds no private key in PEM that goes with the certificate.")]
    [InlineData("other key", "Broker:Listeners:0:Tls:KeyFile holds no private key in PEM that goes with the certificate.")]
    [InlineData("encrypted key", "Broker:Listeners:0:Tls:KeyFile is encrypted; the node has no password for it.")]
    [InlineData("gone", "Broker:Listeners:0:Tls:CertificateFile cannot be read.")]
    [InlineData("expired", "Broker:Listeners:0:Tls:CertificateFile has expired, at ")]
    [InlineData("early", "Broker:Listeners:0:Tls:CertificateFile is not valid before ")]
    public async Task Start_WhenTheCertificateCannotServe_StopsWithTheSettingsName(string what, string failure)
    {
        Spoil(what);

        var wrong = await Should.ThrowAsync<OptionsValidationException>(() => StartAsync());

        wrong.Failures.ShouldHaveSingleItem().ShouldStartWith(failure);
        wrong.Message.ShouldNotContain("BEGIN");
    }

    [Fact]
    public async Task Certificate_ThatExpiresSoon_IsToldInLogAndMetricOnceADay()
    {
        _files.Write(TestCertificate.Create(to: 16));
        var time = new NoTimers();
        var log = new RecordingLog();
        await using var node = await StartAsync(time, log, ("Broker:Listeners:1:Url", "http://127.0.0.1:0"));
        Refresh(node);
        About(log.Warnings).ShouldBeEmpty();

        foreach (var (days, warnings, errors) in new[] { (3, 1, 0), (3, 1, 0), (4, 2, 0), (17, 2, 1), (17, 2, 1), (18, 2, 2) })
        {
            time.Ahead = TimeSpan.FromDays(days) + TimeSpan.FromMinutes(1);
            Refresh(node);
            (About(log.Warnings).Length, About(log.Errors).Length).ShouldBe((warnings, errors), $"day {days}");
        }

        About(log.Warnings)[0].ShouldStartWith($"The certificate of {_files.CertificatePath} expires in 12 days, at ");
        About(log.Errors)[0].ShouldStartWith($"The certificate of {_files.CertificatePath} expired at ");
        (await RemainingDaysAsync(node)).ShouldBeInRange(-3, -1);

        _files.Write(TestCertificate.Create(to: 90));
        Refresh(node);
        (await RemainingDaysAsync(node)).ShouldBeInRange(71, 72);
        (About(log.Warnings).Length, About(log.Errors).Length).ShouldBe((2, 2));

        static string[] About(IReadOnlyList<string> lines) => [.. lines.Where(line => line.StartsWith("The certificate of", StringComparison.Ordinal))];
    }

    [Fact]
    public async Task WebSocket_OverTls_IsCarried()
    {
        await using var node = await StartAsync(("Broker:Echo:Path", "/echo"));
        await using var client = await ConnectAsync(node);
        await client.SendAsync("hello");

        (await client.ReceiveTextAsync()).ShouldBe("hello");
    }

    private static void Refresh(BrokerNode node) => node.Services.GetRequiredService<Certificates>().Refresh();

    private static async Task<double> RemainingDaysAsync(BrokerNode node)
    {
        using var http = new HttpClient();
        var metrics = await http.GetStringAsync($"http://127.0.0.1:{node.PortOf(1)}/metrics");
        var line = metrics.Split('\n').Single(line => line.StartsWith("broker_certificate_remaining_seconds{", StringComparison.Ordinal));
        return double.Parse(line[(line.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture) / 86_400;
    }

    private static SslClientAuthenticationOptions Options(SslProtocols version, params SslApplicationProtocol[] protocols) => new()
    {
        TargetHost = "localhost",
        EnabledSslProtocols = version,
        ApplicationProtocols = [.. protocols],
        RemoteCertificateValidationCallback = TestCertificate.IsOne,
    };

    private static async Task<string> ThumbprintAsync(BrokerNode node)
    {
        using var client = await RawHttp.ConnectAsync(node.Port);
        var tls = await client.SecureAsync();
        return tls.RemoteCertificate!.GetCertHashString();
    }

    private static Task<WebSocketClient> ConnectAsync(BrokerNode node) =>
        WebSocketClient.ConnectAsync(new Uri($"wss://127.0.0.1:{node.Port}/echo"), options =>
            options.RemoteCertificateValidationCallback = TestCertificate.IsOne);

    private void Spoil(string what)
    {
        switch (what)
        {
            case "certificate":
                File.WriteAllText(_files.CertificatePath, "no certificate");
                break;
            case "key":
                File.WriteAllText(_files.KeyPath, "no key");
                break;
            case "other key":
                File.WriteAllText(_files.KeyPath, TestCertificate.Create().Key);
                break;
            case "encrypted key":
                using (var key = RSA.Create(2048))
                {
                    File.WriteAllText(_files.KeyPath, key.ExportEncryptedPkcs8PrivateKeyPem(
                        "password", new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1)));
                }

                break;
            case "gone":
                File.Delete(_files.CertificatePath);
                break;
            case "expired":
                _files.Write(TestCertificate.Create(from: -2, to: -1));
                break;
            case "early":
                _files.Write(TestCertificate.Create(from: 1, to: 2));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(what), what, "Not a way to spoil them.");
        }
    }

    private Task<BrokerNode> StartAsync(params (string, string)[] settings) => StartAsync(log: null, settings);

    /// <summary>A node that looks at its files when it is told to.</summary>
    private Task<BrokerNode> StartAsync(ILoggerProvider? log, params (string, string)[] settings) => StartAsync(new NoTimers(), log, settings);

    private Task<BrokerNode> StartAsync(NoTimers time, ILoggerProvider? log, params (string, string)[] settings) => StartAsync(
        builder =>
        {
            builder.Services.AddSingleton<TimeProvider>(time);
            if (log is not null)
            {
                builder.Logging.AddProvider(log);
            }
        },
        settings);

    private Task<BrokerNode> StartAsync(Action<WebApplicationBuilder> configure, params (string, string)[] settings) => BrokerNode.StartAsync(
        configure,
        [
            ("Broker:Listeners:0:Url", "https://127.0.0.1:0"),
            ("Broker:Listeners:0:Tls:CertificateFile", _files.CertificatePath),
            ("Broker:Listeners:0:Tls:KeyFile", _files.KeyPath),
            .. settings,
        ]);

    private sealed class NoTimers : TimeProvider
    {
        /// <summary>Of the machine's clock.</summary>
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
