using System.Net.Http.Headers;

namespace Broker.Cli.Client;

/// <summary>What calls to a node have in common, whatever they call.</summary>
internal static class NodeHttp
{
    /// <param name="token">Sent with every call; null for none.</param>
    /// <param name="timeout">For a call and its answer.</param>
    public static HttpClient Create(string? token, TimeSpan timeout)
    {
        // A redirect would carry the token somewhere else.
        var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(5) }) { Timeout = timeout };
        http.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return http;
    }

    /// <summary>Null for what is no http or https address, or has a user or a password in it.</summary>
    public static Uri? ReadUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url is { Scheme: "http" or "https", UserInfo.Length: 0 } ? url : null;
}
