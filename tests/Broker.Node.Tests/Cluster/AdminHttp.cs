using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Broker.Node.Tests.Cluster;

/// <summary>Asks a node's operators' API.</summary>
internal static class AdminHttp
{
    public static async Task<(HttpStatusCode Status, JsonElement Body)> AdminAsync(
        this HttpClient http, string token, string method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/admin/api" + path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using var reply = await http.SendAsync(request);
        var text = await reply.Content.ReadAsStringAsync();
        return (reply.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement);
    }

    /// <summary>The body, whatever the status.</summary>
    public static async Task<string> GetStringOrProblemAsync(this HttpClient http, string path)
    {
        using var reply = await http.GetAsync(path);
        return await reply.Content.ReadAsStringAsync();
    }
}
