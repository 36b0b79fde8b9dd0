using System.Collections.Concurrent;
using Broker.Actors;
using Broker.Actors.Dialects.RocketWs;

namespace Broker.Node.Endpoints;

/// <summary>RocketWS's message source for each app that a listener is bound to. Any thread.</summary>
internal sealed class RocketWsSources(RocketWsOptions options, LocalNode node)
{
    private readonly ConcurrentDictionary<string, RocketWsSource> _sources = new(StringComparer.Ordinal);

    public RocketWsSource Of(string app) => _sources.GetOrAdd(app, _ => new RocketWsSource(In(app), node.Ingress));

    private RocketWsOptions In(string app) => new()
    {
        Path = options.Path,
        App = app,
        Version = options.Version,
        SourceToken = options.SourceToken,
        LegacyReplyText = options.LegacyReplyText,
        NotifyAllOncePerClient = options.NotifyAllOncePerClient,
        JsonDepth = options.JsonDepth,
        BatchRequests = options.BatchRequests,
    };
}
