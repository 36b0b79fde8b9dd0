using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Broker.Node.Tests.Nodes;
using Microsoft.Extensions.Configuration;

namespace Broker.Node.Tests.Proxies;

/// <summary>
/// A proxy as docs/proxies configures it, in front of a node with the settings that stand beside it there. Only addresses
/// and paths are others: free ports, files of the test's own.
/// </summary>
internal sealed class RealProxy : IAsyncDisposable
{
    private const string Token = "token-of-the-source";

    private readonly Process _process;
    private readonly string _folder;
    private readonly HttpClient _http = new(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = TestCertificate.IsOne } });

    private RealProxy(BrokerNode node, string folder, ProcessStartInfo start, int port, int secondPort)
    {
        Node = node;
        _folder = folder;
        Port = port;
        SecondPort = secondPort;
        start.RedirectStandardError = true;
        start.RedirectStandardOutput = true;
        start.WorkingDirectory = folder;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Said += line.Data + "\n";
        _process.ErrorDataReceived += (_, line) => Said += line.Data + "\n";
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public BrokerNode Node { get; }

    /// <summary>Where TLS ends in the proxy.</summary>
    public int Port { get; }

    /// <summary>Where the node's own TLS is behind it.</summary>
    public int SecondPort { get; }

    private string Said { get; set; } = "";

    public static Task<RealProxy> HaproxyAsync() => StartAsync("haproxy.cfg", "haproxy.json", path => new("haproxy", ["-db", "-f", path]));

    public static Task<RealProxy> NginxAsync() => StartAsync(
        "nginx.conf", "nginx.json", path => new("nginx", ["-c", path, "-e", "stderr", "-g", $"daemon off; pid {path}.pid;"]));

    public static Task<RealProxy> CaddyAsync() => StartAsync("Caddyfile", "nginx.json", path => new("caddy", ["run", "--adapter", "caddyfile", "--config", path])
    {
        Environment = { ["HOME"] = Path.GetDirectoryName(path), ["XDG_DATA_HOME"] = Path.GetDirectoryName(path), ["XDG_CONFIG_HOME"] = Path.GetDirectoryName(path) },
    });

    /// <summary>A client from 127.0.0.2, which is none of the trusted proxies.</summary>
    public async Task<RawHttp> ConnectAsync(int port)
    {
        var client = await RawHttp.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), from: IPAddress.Parse("127.0.0.2"));
        await client.SecureAsync();
        return client;
    }

    /// <summary>Addresses of the subscribers of <c>chat</c>, as the node knows them; asked through the proxy.</summary>
    public async Task<string> SubscribersAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Url("/rocketws")))
        {
            Content = new StringContent("""{"jsonrpc":"2.0","id":0,"method":"total_subscribers","params":{"channel":"chat"}}"""),
        };
        request.Headers.Authorization = new("Bearer", Token);
        request.Headers.Host = "broker.example.com";
        using var response = await _http.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }

    public async Task<HttpStatusCode> GetAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Url(path)));
        request.Headers.Host = "broker.example.com";
        using var response = await _http.SendAsync(request);
        return response.StatusCode;
    }

    /// <summary>A file of docs/proxies.</summary>
    public static string Docs(string file)
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Broker.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("The tests run outside of the repository.");
        }

        return Path.Combine(folder, "docs", "proxies", file);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (!_process.HasExited)
        {
            // Its workers too.
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        await Node.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<RealProxy> StartAsync(string file, string settings, Func<string, ProcessStartInfo> start)
    {
        var certificate = TestCertificate.Shared;
        var node = await BrokerNode.StartAsync([.. await SettingsAsync(settings, certificate), ("Broker:RocketWs:SourceToken", Token)]);
        var folder = Directory.CreateTempSubdirectory("broker-proxy-").FullName;
        var (port, secondPort) = (FreePort(), FreePort());
        await File.WriteAllTextAsync(
            Path.Combine(folder, "both.pem"), await File.ReadAllTextAsync(certificate.CertificatePath) + "\n" + await File.ReadAllTextAsync(certificate.KeyPath));
        var text = Replace(await File.ReadAllTextAsync(Docs(file)),
            ("0.0.0.0:443", $"127.0.0.1:{port}"),
            ("0.0.0.0:8443", $"127.0.0.1:{secondPort}"),
            ("broker.example.com:443", $"broker.example.com:{port}"),
            ("127.0.0.1:9772", $"127.0.0.1:{node.PortOf(0)}"),
            ("127.0.0.1:9773", $"127.0.0.1:{node.PortOf(1)}"),
            ("/etc/haproxy/broker.pem", Path.Combine(folder, "both.pem")),
            ("/etc/nginx/broker.crt", certificate.CertificatePath),
            ("/etc/nginx/broker.key", certificate.KeyPath),
            ("/etc/caddy/broker.crt", certificate.CertificatePath),
            ("/etc/caddy/broker.key", certificate.KeyPath),
            ("/etc/broker/tls.crt", certificate.CertificatePath),
            ("\nhttp {", $"\nhttp {{ access_log off; {string.Concat(((string[])["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]).Select(what => $"{what}_temp_path {folder}/{what}; "))}"));

        // It would answer on port 80 and take orders on port 2019.
        text = file == "Caddyfile" ? "{\n\tadmin off\n\tauto_https disable_redirects\n}\n" + text : text;
        var path = Path.Combine(folder, file);
        await File.WriteAllTextAsync(path, text);
        var info = start(path);
        info.Environment["PATH"] += ":/usr/sbin";
        info.FileName = info.Environment["PATH"]!.Split(':').Select(at => Path.Combine(at, info.FileName)).First(File.Exists);
        var proxy = new RealProxy(node, folder, info, port, secondPort);
        await proxy.WaitUntilItAnswersAsync();
        return proxy;
    }

    private static async Task<(string, string)[]> SettingsAsync(string file, TestCertificate certificate)
    {
        var text = Replace(await File.ReadAllTextAsync(Docs(file)),
            (":9772", ":0"), (":9773", ":0"), ("/etc/broker/tls.crt", certificate.CertificatePath), ("/etc/broker/tls.key", certificate.KeyPath));
        using var json = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text));
        return [.. new ConfigurationBuilder().AddJsonStream(json).Build().AsEnumerable()
            .Where(setting => setting.Value is not null).Select(setting => (setting.Key, setting.Value!))];
    }

    private static string Replace(string text, params (string This, string ByThat)[] replacements) =>
        replacements.Aggregate(text, (sum, one) => sum.Replace(one.This, one.ByThat, StringComparison.Ordinal));

    /// <summary>It takes a moment to start, and haproxy another until its checks have seen the node.</summary>
    private async Task WaitUntilItAnswersAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            if (_process.HasExited || patience.IsCancellationRequested)
            {
                await DisposeAsync();
                throw new InvalidOperationException($"The proxy does not answer: {Said}");
            }

            try
            {
                if (await GetAsync("/health/ready") == HttpStatusCode.OK)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not yet.
            }

            await Task.Yield();
        }
    }

    private string Url(string path) => $"https://127.0.0.1:{Port}{path}";

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
