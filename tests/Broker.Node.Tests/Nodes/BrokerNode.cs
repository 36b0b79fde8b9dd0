using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Broker.Node.Tests.Nodes;

/// <summary>A real node in this process, on a free port, with settings of a test's own.</summary>
public sealed class BrokerNode : IAsyncDisposable
{
    private readonly WebApplication _app;

    private BrokerNode(WebApplication app)
    {
        _app = app;
        Http = new HttpClient { BaseAddress = new Uri(Url), Timeout = TimeSpan.FromSeconds(20) };
    }

    /// <summary>How to reach its first listener from here: <c>http://127.0.0.1:port</c>.</summary>
    public string Url => $"http://{IPAddress.Loopback}:{Port}";

    public IReadOnlyCollection<string> Addresses =>
        [.. Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses];

    public int Port => new Uri(Addresses.First()).Port;

    /// <summary>The port of one of several listeners, in the settings' order.</summary>
    public int PortOf(int listener) => new Uri(Addresses.ElementAt(listener)).Port;

    public HttpClient Http { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>Starts a node with settings by their full names; without <c>Broker:Urls</c> it listens on loopback.</summary>
    public static Task<BrokerNode> StartAsync(params (string Name, string Value)[] settings) => StartAsync(_ => { }, settings);

    /// <param name="configure">Changes what the node is made of, before it is made.</param>
    public static async Task<BrokerNode> StartAsync(Action<WebApplicationBuilder> configure, params (string Name, string Value)[] settings)
    {
        var app = Program.Build(Configuration(settings), builder =>
        {
            // Signals are for the test's process, not for a node in it.
            builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
            configure(builder);
        });
        try
        {
            await app.StartAsync();
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new BrokerNode(app);
    }

    /// <summary>The address of a path for WebSockets.</summary>
    public Uri Socket(string path) => new($"ws://127.0.0.1:{Port}{path}");

    public async Task StopAsync() => await _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private static IConfiguration Configuration((string Name, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(
        [
            new("Broker:Urls", $"http://{IPAddress.Loopback}:0"),
            new("Broker:Log", "Json"),   // without the banner
            new("Logging:LogLevel:Default", "Warning"),
            new("Broker:Drain:PreDrain", "00:00:00"),   // no load balancer waits for it
        ])
        .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Name, setting.Value)))
        .Build();
}
