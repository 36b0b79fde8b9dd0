using System.Net;
using System.Text;
using System.Text.Json;
using Broker.Client.Http;
using Broker.TestKit;

namespace Broker.Client.Tests.Fakes;

/// <summary>A client of an HTTP API that answers what the test says, in that order.</summary>
internal sealed class FakeApi : HttpMessageHandler
{
    private readonly Queue<Func<HttpResponseMessage>> _answers = new();

    public List<(HttpRequestMessage Request, JsonElement Body)> Calls { get; } = [];

    public ManualTime Time { get; } = new();

    /// <param name="apiKey">Of a backend; null for nobody.</param>
    public BrokerHttpClient Client(string? apiKey = null, string? app = null, Func<CancellationToken, ValueTask<string>>? tokenProvider = null, string url = "https://broker.test") => new(
        new BrokerHttpOptions { Url = new Uri(url), ApiKey = apiKey, App = app, TokenProvider = tokenProvider, Time = Time, Random = new FixedRandom(0.5) },
        new HttpClient(this));

    public void Answer(string body) => Answer(HttpStatusCode.OK, body);

    public void Answer(HttpStatusCode status, string body, string? retryAfter = null) => _answers.Enqueue(() =>
    {
        var response = new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (retryAfter is not null)
        {
            response.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
        }

        return response;
    });

    public void Problem(HttpStatusCode status, string code, string? retryAfter = null) =>
        Answer(status, $$"""{"type":"urn:broker:problem:{{code}}","title":"It is so.","status":{{(int)status}},"code":"{{code}}","detail":"because","pointer":"/data"}""", retryAfter);

    public void Fail(Exception failure) => _answers.Enqueue(() => throw failure);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = await request.Content!.ReadAsStringAsync(cancellationToken);
        Calls.Add((request, JsonDocument.Parse(body).RootElement));
        if (_answers.TryDequeue(out var answer))
        {
            return answer();
        }

        await Task.Delay(Timeout.Infinite, cancellationToken);
        throw new InvalidOperationException();
    }
}
