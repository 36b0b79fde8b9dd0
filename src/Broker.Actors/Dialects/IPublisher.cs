using Broker.Actors.Rights;

namespace Broker.Actors.Dialects;

/// <summary>Somebody who publishes without a connection of their own, and so has no session that would keep a rate.</summary>
public interface IPublisher
{
    /// <summary>Counts one publish; false when it comes faster than it may, and so is not to be done. Any thread.</summary>
    /// <param name="app">Where to.</param>
    /// <param name="identity">Who it turned out to be.</param>
    bool MayPublishNow(string app, Identity identity);
}
