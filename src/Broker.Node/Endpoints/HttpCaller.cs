using Broker.Actors.Dialects.Http;
using Broker.Actors.Rights;
using Broker.Node.Apps;
using Broker.Node.Connections;
using Broker.Node.Origins;

namespace Broker.Node.Endpoints;

/// <summary>Who sent an HTTP request, in the API's words, and whether it may mean the app: by its listener, by the page that it comes from.</summary>
/// <param name="token">A token from elsewhere than the headers; null for none.</param>
internal sealed class HttpCaller(HttpContext context, string? token = null) : IApiCaller
{
    public ApiProblem? Identify(string app, out Identity identity)
    {
        identity = Identity.Anonymous.Instance;
        if (context.Features.Get<Listener>()?.App is { } only && only != app)
        {
            return ApiProblem.UnknownApp;
        }

        if (!context.RequestServices.GetRequiredService<AppOrigins>().Allow(app, context))
        {
            return ApiProblem.Forbidden with { Detail = "Pages of this origin may not mean the app: Broker:Apps[]:Origins names those that may." };
        }

        switch (context.RequestServices.GetRequiredService<Callers>().Find(app, context, token))
        {
            case Caller.Known known:
                identity = known.Identity;
                return null;
            case Caller.Refused refused:
                return ApiProblem.Of(refused.Status, refused.Code, refused.Reason);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }
}
