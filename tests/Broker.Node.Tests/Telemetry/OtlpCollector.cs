using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Broker.Node.Tests.Telemetry;

/// <summary>An OpenTelemetry collector that keeps what it is sent, over HTTP or gRPC, and says thank you.</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<byte[]> _metrics = new();
    private readonly ConcurrentQueue<byte[]> _traces = new();

    private OtlpCollector(HttpProtocols protocols)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listener => listener.Protocols = protocols));
        _app = builder.Build();
        _app.UseRouting();
        _app.MapPost("/v1/metrics", context => KeepAsync(context, _metrics));
        _app.MapPost("/v1/traces", context => KeepAsync(context, _traces));
        _app.MapPost("/opentelemetry.proto.collector.metrics.v1.MetricsService/Export", context => AnswerAsync(context, _metrics));
        _app.MapPost("/opentelemetry.proto.collector.trace.v1.TraceService/Export", context => AnswerAsync(context, _traces));
    }

    public string Endpoint => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    /// <summary>The Authorization headers that came.</summary>
    public ConcurrentQueue<string> Authorizations { get; } = new();

    public static async Task<OtlpCollector> StartAsync(bool grpc)
    {
        var collector = new OtlpCollector(grpc ? HttpProtocols.Http2 : HttpProtocols.Http1);
        await collector._app.StartAsync();
        return collector;
    }

    /// <summary>How often a text is in the metrics: a name, as protobuf carries it.</summary>
    public int CountInMetrics(string text) => Count(_metrics, Encoding.UTF8.GetBytes(text));

    public int CountInTraces(string text) => Count(_traces, Encoding.UTF8.GetBytes(text));

    /// <param name="hex">A trace's id.</param>
    public int SpansOf(string hex) => Count(_traces, Convert.FromHexString(hex));

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task KeepAsync(HttpContext context, ConcurrentQueue<byte[]> into)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        into.Enqueue(body.ToArray());
        Authorizations.Enqueue(context.Request.Headers.Authorization.ToString());
        context.Response.ContentType = "application/x-protobuf";
    }

    private async Task AnswerAsync(HttpContext context, ConcurrentQueue<byte[]> into)
    {
        await KeepAsync(context, into);
        context.Response.ContentType = "application/grpc";
        context.Response.AppendTrailer("grpc-status", "0");
        await context.Response.Body.WriteAsync(new byte[5]);   // an empty message
    }

    private static int Count(IEnumerable<byte[]> bodies, byte[] what) => bodies.Sum(body => body.AsSpan().Count(what));
}
