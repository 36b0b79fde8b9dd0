using System.Net;
using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Broker.Cli.Client;

namespace Broker.Cli.RocketWs;

/// <summary>RocketWS's message source at one address: JSON-RPC 2.0, one request per POST. What goes wrong on the way there is a <see cref="PbmFailure"/>.</summary>
internal sealed class MessageSource : IDisposable
{
    private static readonly JsonSerializerOptions AsTyped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly HttpClient _http;

    /// <param name="token">What the source asks for; null where it is open to this machine.</param>
    public MessageSource(Uri url, string? token)
    {
        _http = NodeHttp.Create(token, TimeSpan.FromSeconds(30));
        Url = url;
    }

    public Uri Url { get; }

    /// <summary>The answer's body as it came, whatever it says.</summary>
    public async Task<string> CallAsync(string method, JsonObject? parameters, CancellationToken cancellationToken)
    {
        var request = new JsonObject { ["jsonrpc"] = "2.0", ["method"] = method, ["id"] = 0 };
        if (parameters is not null)
        {
            request["params"] = parameters;
        }

        try
        {
            using var content = new StringContent(request.ToJsonString(AsTyped), mediaType: MediaTypeHeaderValue.Parse("application/json"));
            using var response = await _http.PostAsync(Url, content, cancellationToken);
            return response.StatusCode switch
            {
                HttpStatusCode.OK => await response.Content.ReadAsStringAsync(cancellationToken),
                HttpStatusCode.Unauthorized => throw new PbmFailure(ExitCode.NotAllowed, $"The message source at {Url} wants its token."),
                var status => throw new PbmFailure(ExitCode.Unreachable, $"What answers at {Url} is no message source: HTTP {(int)status}."),
            };
        }
        catch (HttpRequestException failure)
        {
            throw new PbmFailure(ExitCode.Unreachable, $"Nobody answers at {Url}: {failure.Message}");
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new PbmFailure(ExitCode.Unreachable, $"What is at {Url} does not answer.");
        }
    }

    public void Dispose() => _http.Dispose();
}
