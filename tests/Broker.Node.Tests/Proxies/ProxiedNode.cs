using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Broker.Node.Tests.Connections;
using Broker.Node.Tests.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Broker.Node.Tests.Proxies;

/// <summary>
/// A node with two listeners: a plain one for asking it things, and one behind a proxy, entered in one way only. RocketWS
/// and the app <c>default</c> are served on both.
/// </summary>
internal static class ProxiedNode
{
    private const string Token = "token-of-the-source";

    /// <summary>Answers an HTTP request that nobody else does with its client's address.</summary>
    public const string WhoPath = "/who";

    /// <param name="way">Into the listener behind the proxy.</param>
    /// <param name="proxy">Its rule; null for none said.</param>
    /// <param name="trusted">The trusted proxies.</param>
    /// <param name="more">More settings.</param>
    public static Task<BrokerNode> StartAsync(WayIn way, string? proxy, string[] trusted, params (string Name, string Value)[] more)
    {
        List<(string, string)> settings =
        [
            ("Broker:Listeners:0:Url", "http://127.0.0.1:0"),
            ("Broker:Listeners:0:Proxy", "None"),
            ("Broker:Listeners:1:Url", way == WayIn.Tls ? "https://127.0.0.1:0" : "http://127.0.0.1:0"),
            ("Broker:Tls:CertificateFile", TestCertificate.Shared.CertificatePath),
            ("Broker:Tls:KeyFile", TestCertificate.Shared.KeyPath),
            ("Broker:RocketWs:SourceToken", Token),
            ("Broker:Transport:Fast", way == WayIn.Fast ? "true" : "false"),
            ("Broker:Transport:Pipe", way == WayIn.Upgrade ? "false" : "true"),
            .. trusted.Select((entry, i) => ($"Broker:TrustedProxies:{i}", entry)),
            .. more,
        ];
        if (proxy is not null)
        {
            settings.Add(("Broker:Listeners:1:Proxy", proxy));
        }

        if (!more.Any(setting => setting.Name.StartsWith("Broker:Apps", StringComparison.Ordinal)))
        {
            settings.Add(("Broker:Apps:0:Id", "default"));
        }

        return BrokerNode.StartAsync(builder => builder.Services.AddSingleton<IStartupFilter, Who>(), [.. settings]);
    }

    /// <summary>A connection to the listener behind the proxy: first these bytes, then TLS where it is asked for.</summary>
    /// <param name="greeting">What a proxy sends first.</param>
    /// <param name="size">Bytes to send at a time.</param>
    public static async Task<RawHttp> ConnectAsync(this BrokerNode node, WayIn way, byte[] greeting, int size = int.MaxValue)
    {
        var http = await RawHttp.ConnectAsync(node.PortOf(1));
        foreach (var piece in greeting.Chunk(Math.Min(size, Math.Max(greeting.Length, 1))))
        {
            await http.SendAsync(piece);
            await Task.Yield();
        }

        if (way == WayIn.Tls)
        {
            await http.SecureAsync();
        }

        return http;
    }

    /// <summary>Opens a WebSocket and subscribes to <c>chat</c>.</summary>
    public static async Task SubscribeAsync(this RawHttp http, string headers = "")
    {
        await http.SendAsync(RawHttp.Upgrade("/rocketws", headers));
        (await http.ReadUntilAsync("\r\n\r\n")).ShouldStartWith("HTTP/1.1 101");
        await http.SendFrameAsync("""{"jsonrpc":"2.0","id":0,"method":"subscribe","params":{"channel":"chat"}}""");
        await http.ReadUntilAsync("subscribed");
    }

    /// <summary>Addresses and ports of the subscribers of <c>chat</c>, as the node knows them.</summary>
    public static async Task<string[]> SubscribersAsync(this BrokerNode node)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/rocketws")
        {
            Content = new StringContent("""{"jsonrpc":"2.0","id":0,"method":"total_subscribers","params":{"channel":"chat"}}"""),
        };
        request.Headers.Authorization = new("Bearer", Token);
        using var response = await node.Http.SendAsync(request);
        var reply = await response.Content.ReadFromJsonAsync<JsonElement>();
        return [.. reply.GetProperty("result").EnumerateArray().Select(pair => new IPEndPoint(IPAddress.Parse(pair[0].GetString()!), pair[1].GetInt32()).ToString())];
    }

    /// <summary>Who the client of an HTTP request on this connection is.</summary>
    public static async Task<string> WhoAsync(this RawHttp http, string headers = "")
    {
        await http.SendAsync($"GET {WhoPath} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n");
        await http.ReadUntilAsync("client ");
        return (await http.ReadUntilAsync("\n")).TrimEnd('\n');
    }

    private sealed class Who : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            next(app);
            app.Run(context => context.Request.Path == WhoPath ? TellAsync(context) : Task.CompletedTask);
        };

        private static Task TellAsync(HttpContext context)
        {
            var text = $"client {new IPEndPoint(context.Connection.RemoteIpAddress!, context.Connection.RemotePort)}\n";
            context.Response.ContentLength = text.Length;
            return context.Response.WriteAsync(text);
        }
    }
}
