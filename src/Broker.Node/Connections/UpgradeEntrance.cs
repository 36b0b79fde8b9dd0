using System.Net;
using Broker.Node.Endpoints;
using Broker.Transport.Connections;
using Broker.Transport.Handshake;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Broker.Node.Connections;

/// <summary>WebSockets that reach the HTTP server: an upgrade on a connection that served requests before, for example.</summary>
internal sealed class UpgradeEntrance(Entrances entrances)
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<IHttpUpgradeFeature>() is not { IsUpgradableRequest: true } upgrade || context.Features.Get<Listener>() is not { } listener)
        {
            await next(context);
            return;
        }

        var entrance = entrances.At(listener);
        switch (entrance.Reception.Judge(Head(context.Request), Peer(context)))
        {
            case Verdict.Taken taken:
                await ServeAsync(context, upgrade, entrance, taken.Opening);
                break;
            case Verdict.Refused refused:
                await RefuseAsync(context.Response, refused.Refusal);
                break;
            default:
                await next(context);
                break;
        }
    }

    private static async Task ServeAsync(HttpContext context, IHttpUpgradeFeature upgrade, Entrance entrance, Opening opening)
    {
        Stream stream;
        try
        {
            Answer(context, opening);
            stream = await upgrade.UpgradeAsync();
        }
        catch
        {
            entrance.Reception.Gate.Abandon(opening.Admission);
            throw;
        }

        context.Features.Get<HttpPlace>()?.GiveBack();

        // Kestrel leaves the rest of the connection to us; its rates are not for conversations.
        SetNoRates(context);
        var output = context.Features.GetRequiredFeature<IConnectionTransportFeature>().Transport.Output;
        await entrance.Streams.ServeAsync(stream, opening with { Response = default }, shutdown: () => output.Complete(), cut: context.Abort);
    }

    private static void Answer(HttpContext context, Opening opening)
    {
        var headers = context.Response.Headers;
        headers.Upgrade = "websocket";
        headers.Connection = "Upgrade";
        headers.SecWebSocketAccept = AcceptKey.For(context.Request.Headers.SecWebSocketKey.ToString());
        if (opening.Admission.Subprotocol is { } subprotocol)
        {
            headers.SecWebSocketProtocol = subprotocol;
        }

        if (opening.Deflate is { } deflate)
        {
            headers.SecWebSocketExtensions = deflate.Response;
        }
    }

    private static async Task RefuseAsync(HttpResponse response, HandshakeRefusal refusal)
    {
        response.StatusCode = refusal.Status;
        response.Headers.Connection = "close";
        foreach (var (name, value) in refusal.Headers)
        {
            response.Headers[name] = value;
        }

        await PlainText.WriteAsync(response, refusal.Reason);
    }

    private static void SetNoRates(HttpContext context)
    {
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } response)
        {
            response.MinDataRate = null;
        }

        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } request)
        {
            request.MinDataRate = null;
        }
    }

    private static RequestHead Head(HttpRequest request) => RequestHead.Of(
        request.Method,
        request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
        request.Headers.SelectMany(header => header.Value.Select(value => KeyValuePair.Create(header.Key, value ?? ""))));

    private static IPEndPoint Peer(HttpContext context) =>
        new(context.Connection.RemoteIpAddress ?? IPAddress.None, context.Connection.RemotePort);
}
