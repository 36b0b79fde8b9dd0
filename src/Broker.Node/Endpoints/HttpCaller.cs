using System.Diagnostics;
using System.Net;
using Broker.Actors.Dialects.Http;
using Broker.Actors.Rights;
using Broker.Node.Apps;

namespace Broker.Node.Endpoints;

/// <summary>Who sent an HTTP request, in the API's words.</summary>
/// <param name="token">A token from elsewhere than the headers; null for none.</param>
internal sealed class HttpCaller(HttpContext context, string? token = null) : IApiCaller
{
    public ApiProblem? Identify(string app, out Identity identity)
    {
        identity = Identity.Anonymous.Instance;
        switch (context.RequestServices.GetRequiredService<Callers>().Find(app, context, token))
        {
            case Caller.Known known:
                identity = known.Identity;
                return null;
            case Caller.Refused refused:
                return ApiProblem.Of(refused.Status, refused.Code, refused.Reason);
            default:
                throw new UnreachableException();
        }
    }

    public bool MayPublishNow(string app, Identity identity) => context.RequestServices.GetRequiredService<PublishRates>()
        .TryTake(app, identity, context.Connection.RemoteIpAddress ?? IPAddress.None);
}
