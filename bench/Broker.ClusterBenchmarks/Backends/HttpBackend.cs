using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Broker.ClusterBenchmarks.Backends;

/// <summary>Over HTTP: a connection for each channel, on which the next publish waits for the answer of the one before, as the order of a channel asks for.</summary>
internal sealed class HttpBackend(IPEndPoint node) : IBackend
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly HttpClient _http = new(new SocketsHttpHandler { ActivityHeadersPropagator = null });
    private readonly Uri _publish = new($"http://{node}/api/publish");

    public string Name => "HTTP";

    public Task PublishAsync(NumberedChannels channels, CancellationToken stop) => Task.WhenAll(Enumerable.Range(0, channels.Count).Select(channel => Task.Run(async () =>
    {
        while (!stop.IsCancellationRequested)
        {
            await PublishAsync(channels.NameOf(channel), channels.Next(channel));
        }
    })));

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task PublishAsync(string channel, int number)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $$"""{"channel":"{{channel}}","event":"e","data":{{number}},"idempotencyKey":"{{number}}"}""")));
        content.Headers.ContentType = Json;
        using var answer = await _http.PostAsync(_publish, content);
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"A publish over HTTP failed: {await answer.Content.ReadAsStringAsync()}");
        }
    }
}
