using Broker.Actors.Tokens;

namespace Broker.Node.Admin;

/// <summary>The token of an operator's request: <c>Authorization: Bearer</c>, never in the URL, which logs would keep.</summary>
internal static class BearerToken
{
    private const string Scheme = "Bearer ";

    /// <param name="setting">As the settings have it; null lets nobody in.</param>
    public static bool Matches(HttpRequest request, string? setting) =>
        setting is not null
        && request.Headers.Authorization is [{ } authorization]
        && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && SecretHash.Read(setting)?.Matches(authorization[Scheme.Length..].Trim()) == true;

    public static Task RefuseAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return Task.CompletedTask;
    }
}
