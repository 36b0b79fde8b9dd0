using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Broker.Messages.Admin;

namespace Broker.Cli.Client;

/// <summary>Calls the operators' API of one node. What goes wrong is a <see cref="PbmFailure"/>.</summary>
internal sealed class AdminClient : IDisposable
{
    private const string Prefix = "/admin/api/cluster";

    private readonly HttpClient _http;

    /// <param name="url">The node's, or a load balancer's that lets operators through.</param>
    public AdminClient(Uri url, string token)
    {
        _http = NodeHttp.Create(token, TimeSpan.FromSeconds(60));   // a shard on its way has 30
        _http.BaseAddress = url;
    }

    public Task<ClusterReport> ShowAsync(CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, "", body: null, AdminJson.Default.ClusterReport, cancellationToken);

    public Task<IReadOnlyList<ShardReport>> ShardsAsync(CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, "/shards", body: null, AdminJson.Default.IReadOnlyListShardReport, cancellationToken);

    /// <param name="node">Null for the node that is asked.</param>
    public Task<OrderReport> LeaveAsync(string? node, CancellationToken cancellationToken) => OrderAsync("/leave", node, cancellationToken);

    public Task<OrderReport> DownAsync(string node, CancellationToken cancellationToken) => OrderAsync("/down", node, cancellationToken);

    public Task<OrderReport> MoveAsync(int shard, string node, CancellationToken cancellationToken) =>
        OrderAsync(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"/shards/{shard}/move"), node, cancellationToken);

    public void Dispose() => _http.Dispose();

    private Task<OrderReport> OrderAsync(string path, string? node, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, path, new NodeOrder(node), AdminJson.Default.OrderReport, cancellationToken);

    private async Task<TAnswer> SendAsync<TAnswer>(
        HttpMethod method, string path, NodeOrder? body, JsonTypeInfo<TAnswer> type, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(method, Prefix + path);
            if (body is not null)
            {
                request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, AdminJson.Default.NodeOrder));
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            }

            using var response = await _http.SendAsync(request, cancellationToken);
            var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            return response.IsSuccessStatusCode
                ? JsonSerializer.Deserialize(bytes, type) ?? throw new JsonException("null")
                : throw FailureOf(response.StatusCode, bytes);
        }
        catch (HttpRequestException failure)
        {
            throw new PbmFailure(ExitCode.Unreachable, $"No node answers at {_http.BaseAddress}: {failure.Message}");
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new PbmFailure(ExitCode.Unreachable, $"The node at {_http.BaseAddress} does not answer.");
        }
        catch (JsonException)
        {
            throw new PbmFailure(ExitCode.Unreachable, $"What answers at {_http.BaseAddress} is no node of this broker.");
        }
    }

    private PbmFailure FailureOf(HttpStatusCode status, byte[] body)
    {
        var problem = Read(body);
        var said = problem?.Detail ?? problem?.Title;
        return status switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
                new PbmFailure(ExitCode.NotAllowed, $"The node at {_http.BaseAddress} does not take the token."),
            HttpStatusCode.NotFound when problem?.Code is null =>
                new PbmFailure(ExitCode.NotAllowed, $"The node at {_http.BaseAddress} has no operators' API: it is there once Broker:Admin:Token is set."),
            HttpStatusCode.NotFound => new PbmFailure(ExitCode.NotFound, said ?? "Not found."),
            HttpStatusCode.NotImplemented => new PbmFailure(ExitCode.NotBuilt, said ?? "The node cannot do it."),
            >= HttpStatusCode.InternalServerError => new PbmFailure(ExitCode.Unreachable, said ?? $"The node at {_http.BaseAddress} answered {(int)status}."),
            _ => new PbmFailure(ExitCode.Refused, said ?? $"The node at {_http.BaseAddress} answered {(int)status}."),
        };
    }

    private static Problem? Read(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, AdminJson.Default.Problem);
        }
        catch (JsonException)
        {
            return null;   // of something in between
        }
    }
}
