using Broker.Actors.Rights;

namespace Broker.Actors.Dialects.Http;

/// <summary>Who sent a request. It can be told only once the request's app is known.</summary>
public interface IApiCaller : IPublisher
{
    /// <returns>Null when the caller is known, as nobody in particular too; else why not.</returns>
    ApiProblem? Identify(string app, out Identity identity);
}
