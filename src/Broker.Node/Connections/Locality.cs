namespace Broker.Node.Connections;

/// <summary>Whether a request came from this machine without a detour, so that what is open on loopback only is open to it.</summary>
internal static class Locality
{
    // Whoever sends one of these is a proxy, and the client behind it may be anywhere.
    private static readonly string[] ProxyHeaders =
        ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port", "X-Forwarded-Server", "X-Real-IP", "Via", "CF-Connecting-IP", "True-Client-IP"];

    public static bool IsLocal(HttpContext context) =>
        context.Features.Get<Listener>() is { } listener && IsLocal(listener, name => context.Request.Headers.ContainsKey(name));

    /// <param name="listener">What the request came in by.</param>
    /// <param name="hasHeader">Whether the request has a header of this name.</param>
    public static bool IsLocal(Listener listener, Func<string, bool> hasHeader) => listener.IsLoopback && !ProxyHeaders.Any(hasHeader);
}
