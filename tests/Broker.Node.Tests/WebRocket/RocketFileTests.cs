using System.CommandLine;
using System.Diagnostics;
using System.Text;
using Broker.Node.Tests.Nodes;
using Broker.Node.WebRocket;

namespace Broker.Node.Tests.WebRocket;

/// <summary>Files and flags of the original's server.</summary>
[Trait("Needs", "server")]
public sealed class RocketFileTests : IDisposable
{
    /// <summary>The original's <c>example.json</c>, of both versions.</summary>
    private const string Example =
        """
        {"Host":"localhost","Port":9772,"TLSCertFile":"","TLSKeyFile":"","Log":"",
         "Hubs":[{"Path":"/echo","Codec":"JSON","Log":"./echo.log",
                  "Secrets":{"ReadOnly":"","ReadWrite":"secret"}},
                 {"Path":"/two/","Codec":"JSON",
                  "Users":{"backend":{"Name":"backend","Secret":"secret","Permission":7},
                           "frontend":{"Name":"frontend","Secret":"","Permission":3}}}]}
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("broker-rocket");

    private string Config => Path.Combine(_folder.FullName, "my.json");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Example_Works()
    {
        await File.WriteAllTextAsync(Config, Example);
        await using var node = await BrokerProcess.StartAsync(arguments: [Config]);
        await using var one = await RocketClient.ConnectAsync(new Uri($"ws://127.0.0.1:{node.Port}/echo"), "read-only", "whatever");
        await using var two = await RocketClient.ConnectAsync(new Uri($"ws://127.0.0.1:{node.Port}/two/a"), "backend", "secret");
        await using var page = await RocketClient.ConnectAsync(new Uri($"ws://127.0.0.1:{node.Port}/two/b"), "frontend", "x");

        await one.AskAsync("""{"auth":{"access":"read-write","secret":"bad"}}""", """{"err":"invalid_credentials"}""");
        await one.AskAsync("""{"auth":{"access":"read-write","secret":"secret"}}""", """{"ok":true}""");
        await page.AskAsync("""{"subscribe":{"channel":"c"}}""", """{"subscribed":"c"}""");
        await one.AskAsync("""{"publish":{"event":"e","channel":"c"}}""", """{"err":"invalid_channel"}""");
        await two.AskAsync("""{"broadcast":{"event":"e","channel":"c"}}""", """{"broadcasted":"c"}""");
        await page.ExpectAsync("""{"event":"e","channel":"c"}""");
    }

    /// <summary>Its pages were anybody's: the original asked for no origin.</summary>
    [Fact]
    public async Task Example_TakesPagesOfAnyOrigin_AndChangesOfTheFile()
    {
        await File.WriteAllTextAsync(Config, Example);
        await using var node = await BrokerProcess.StartAsync(arguments: [Config]);
        await using var page = new RocketClient(await WebSocketClient.ConnectAsync(
            new Uri($"ws://127.0.0.1:{node.Port}/two/"), options => options.SetRequestHeader("Origin", "https://www.example.com")));
        await page.AskAsync("""{"authenticate":{"user":"backend","secret":"secret"}}""", """{"authenticated":"backend"}""");

        await File.WriteAllTextAsync(Config, Example.Replace("\"Secret\":\"secret\"", "\"Secret\":\"other\"", StringComparison.Ordinal));

        await page.Socket.WaitForCloseAsync();
        ((int?)page.Socket.CloseStatus).ShouldBe(3005);
        await node.WaitForLineAsync("WebRocket's hubs have taken their users and secrets");
    }

    [Theory]
    [InlineData("{ no", "broker: Config parsing error: ")]
    [InlineData("null", "broker: Config parsing error: ")]
    [InlineData("""{"Port":"9772"}""", "broker: Config parsing error: ")]
    [InlineData("""{"Hubs":[{"Path":"/echo","Codec":"XML"}]}""", "broker: Invalid handler type: XML\n")]
    [InlineData("""{"Hubs":[{"Path":"/echo"}]}""", "broker: Invalid handler type: \n")]
    [InlineData("""{"Hubs":[{"Path":"echo","Codec":"JSON","Secrets":{}}]}""", "broker: Broker:WebRocket:Hubs:0:Path must be a path such as /echo or /echo/; it is \"echo\".\n")]
    [InlineData("""{"Log":"/nowhere/rocket.log"}""", "broker: Log file error: ")]
    public async Task File_ThatIsWrong_EndsTheStartInTheOriginalsWords(string content, string error)
    {
        await File.WriteAllTextAsync(Config, content);

        var (exitCode, _, errors) = await BrokerProcess.RunAsync(Config);

        exitCode.ShouldBe(1);
        errors.ShouldStartWith(error);
        errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("broker: Config reading error: ", "/nowhere/my.json")]
    [InlineData("broker: Config reading error: ", "/tmp")]
    [InlineData("broker: " + RocketFlags.Usage, "a.json", "b.json")]
    [InlineData("broker: " + RocketFlags.Usage, "-port", "9000")]
    [InlineData("broker: Cannot parse argument 'many' for option '-port'", "-port", "many", "a.json")]
    [InlineData("broker: -fnord is not an option; --help lists them.", "-fnord", "a.json")]
    public async Task Arguments_ThatAreWrong_EndTheStart(string error, params string[] arguments)
    {
        var (exitCode, _, errors) = await BrokerProcess.RunAsync(arguments);

        exitCode.ShouldBe(1);
        errors.ShouldStartWith(error);
    }

    [Fact]
    public async Task VersionFlag_SaysTheOriginals()
    {
        var (exitCode, output, _) = await BrokerProcess.RunAsync("-version");

        exitCode.ShouldBe(0);
        output.ShouldStartWith("Rocket Server v.0.2.0\n");
    }

    [Theory]
    [InlineData("", "http://localhost:9772")]
    [InlineData("-host 127.0.0.1 -port 9000", "http://127.0.0.1:9000")]
    [InlineData("-host=0.0.0.0 -port=80", "http://0.0.0.0:80")]
    [InlineData("-host ::1", "http://[::1]:9772")]
    [InlineData("-tls-cert c.pem", "http://localhost:9772")]
    [InlineData("-tls-cert c.pem -tls-key k.pem", "https://localhost:9772", "c.pem", "k.pem")]
    public void Flags_OverrideTheFile(string flags, string urls, string? certificate = null, string? key = null)
    {
        var settings = Settings("{}", flags);

        settings["Broker:Urls"].ShouldBe(urls);
        settings.GetValueOrDefault("Broker:Tls:CertificateFile").ShouldBe(certificate);
        settings.GetValueOrDefault("Broker:Tls:KeyFile").ShouldBe(key);
    }

    [Theory]
    [InlineData("""{"host":"","PORT":81}""", "", "http://*:81")]
    [InlineData("""{"Host":"10.0.0.1","Port":81}""", "-port 82", "http://10.0.0.1:82")]
    [InlineData("""{"TLSCertFile":"c","TLSKeyFile":"k","Unknown":{}}""", "", "https://localhost:9772")]
    [InlineData("""{"TLSCertFile":"","TLSKeyFile":"k"}""", "", "http://localhost:9772")]
    public void File_SaysWhereToListen(string file, string flags, string urls) => Settings(file, flags)["Broker:Urls"].ShouldBe(urls);

    /// <summary>The log goes to the file, behind what is there; the console stays empty.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Log_OfTheFileOrTheFlag_GetsTheLog(bool isFlag)
    {
        var log = Path.Combine(_folder.FullName, "rocket.log");
        await File.WriteAllTextAsync(log, "before\n");
        await File.WriteAllTextAsync(Config, isFlag ? "{}" : $$"""{"Log":"{{log}}"}""");
        string[] arguments = [Path.Combine(AppContext.BaseDirectory, "broker.dll"), "--urls", "http://127.0.0.1:0", .. isFlag ? new[] { "-log", log } : [], Config];
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            WorkingDirectory = _folder.FullName,
            Environment = { ["Broker__Drain__PreDrain"] = "00:00:00" },
        })!;
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            while (!(await File.ReadAllTextAsync(log, patience.Token)).Contains("Listening on", StringComparison.Ordinal))
            {
                process.HasExited.ShouldBeFalse();
            }
        }
        finally
        {
            process.Kill();
        }

        (await File.ReadAllTextAsync(log)).ShouldStartWith("before\n");
        (await process.StandardOutput.ReadToEndAsync()).ShouldBeEmpty();
    }

    private static Dictionary<string, string?> Settings(string file, string flags)
    {
        var command = new RootCommand { TreatUnmatchedTokensAsErrors = false };
        Array.ForEach(RocketFlags.All, command.Options.Add);
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(file));
        return RocketFlags.Settings(RocketFile.Read(stream), command.Parse(flags)).ToDictionary(StringComparer.Ordinal);
    }
}
