using Broker.Actors.Dialects;
using Broker.Actors.Rights;

namespace Broker.TestKit.Dialects;

/// <summary>May publish as fast as it likes.</summary>
public sealed class UnhurriedPublisher : IPublisher
{
    public static UnhurriedPublisher Instance { get; } = new();

    public bool MayPublishNow(string app, Identity identity) => true;
}
