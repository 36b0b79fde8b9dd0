using System.Diagnostics;
using Broker.Actors.Rights;
using Broker.Actors.Tokens;
using Broker.Node.Connections;
using Microsoft.Net.Http.Headers;

namespace Broker.Node.Apps;

/// <summary>
/// Finds out who sent an HTTP request, from what it brings: an API key of the app (<c>X-API-Key</c>, or
/// <c>Authorization: Bearer</c>) makes it a backend, a token of the app (<c>Authorization: Bearer</c>) a user. Without
/// either it is anonymous, but for a program on this machine that calls an app without credentials: that is a backend.
/// </summary>
internal sealed class Callers(AppDirectory apps, TimeProvider time)
{
    private const string Bearer = "Bearer ";

    /// <param name="app">The app that the request means.</param>
    /// <param name="token">A token from elsewhere in the request, such as <c>?token=</c>; no API key. Null for none.</param>
    public Caller Find(string app, HttpContext context, string? token = null)
    {
        var client = HttpClients.Describe(context);
        if (client.Apps?.Includes(app, client) == false)
        {
            return client.Apps.Only is { } only && only != app ? Caller.Refused.UnknownApp : Caller.Refused.Foreign;
        }

        return Find(
            app,
            context.Request.Headers["X-API-Key"],
            context.Request.Headers.Authorization,
            token,
            client.IsLocal,
            isPage: context.Request.Headers.ContainsKey(HeaderNames.Origin));
    }

    /// <param name="isLocal">What is open on loopback only is open to this request.</param>
    /// <param name="isPage">A page in a browser sent it: it may be anybody's.</param>
    internal Caller Find(
        string app, IReadOnlyList<string?> apiKeys, IReadOnlyList<string?> authorizations, string? token, bool isLocal, bool isPage)
    {
        // The node's own apps are nobody's: on this machine anybody would be its backend.
        if (AppDirectory.IsOwn(app) || !apps.Namespaces.Serves(app, isLocal))
        {
            return Caller.Refused.UnknownApp;
        }

        return (apiKeys, authorizations, token) switch
        {
            ([], [], null) when isLocal && !isPage && !apps.HasCredentials(app) => Backend("local"),
            ([], [], null) => new Caller.Known(Identity.Anonymous.Instance),
            ([{ } key], [], null) => OfKey(app, key),
            ([], [{ } authorization], null) => OfAuthorization(app, authorization),
            ([], [], not null) => OfToken(app, token),
            _ => Caller.Refused.Ambiguous,
        };
    }

    private Caller OfKey(string app, string key) => apps.IsApiKey(app, key) ? Backend(app) : Caller.Refused.Invalid;

    private Caller OfAuthorization(string app, string authorization)
    {
        if (!authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return Caller.Refused.Invalid;
        }

        var credential = authorization[Bearer.Length..].Trim();
        return apps.IsApiKey(app, credential) ? Backend(app) : OfToken(app, credential);
    }

    private Caller OfToken(string app, string token) => apps.Tokens.Verify(app, token, time.GetUtcNow().ToUnixTimeMilliseconds()) switch
    {
        TokenVerdict.Valid { Claims: { Channel: null, Subject: not null } claims } => new Caller.Known(claims.ToUser()),
        TokenVerdict.Valid => Caller.Refused.Misplaced,
        TokenVerdict.Refused { Fault: TokenFault.Expired } => Caller.Refused.Expired,
        TokenVerdict.Refused { Fault: TokenFault.NotYetValid } => Caller.Refused.NotYetValid,
        TokenVerdict.Refused { Fault: TokenFault.Misplaced } => Caller.Refused.Misplaced,
        TokenVerdict.Refused => Caller.Refused.Invalid,
        _ => throw new UnreachableException(),
    };

    private static Caller.Known Backend(string name) => new(new Identity.Backend(name));
}
