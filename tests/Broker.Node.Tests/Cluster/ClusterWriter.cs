using System.Net;
using System.Text;

namespace Broker.Node.Tests.Cluster;

/// <summary>Publishes numbers over HTTP, as a backend that repeats what was refused.</summary>
internal static class ClusterWriter
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Publishes once: a refusal may be repeated, since its key says that it is the same.</summary>
    public static async Task PublishAsync(HttpClient http, Uri server, string channel, int number)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            using var body = new StringContent(
                $$"""{"channel":"{{channel}}","event":"n","data":{{number}},"idempotencyKey":"k{{number}}"}""", Encoding.UTF8, "application/json");
            using var reply = await http.PostAsync(new Uri(server, "/api/publish"), body, patience.Token);
            if (reply.StatusCode == HttpStatusCode.OK)
            {
                return;
            }

            // Its shard has no owner for a moment, or haproxy has not noticed yet.
            reply.StatusCode.ShouldBeOneOf(HttpStatusCode.ServiceUnavailable, HttpStatusCode.GatewayTimeout, HttpStatusCode.BadGateway);
        }
    }
}
