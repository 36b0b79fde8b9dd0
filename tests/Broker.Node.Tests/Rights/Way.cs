namespace Broker.Node.Tests.Rights;

/// <summary>A way to a channel: a dialect, or an API. What it cannot express is not among its <see cref="Whos"/> and <see cref="Deeds"/>.</summary>
public abstract class Way(RightsNode node)
{
    public abstract IReadOnlyList<Who> Whos { get; }

    public abstract IReadOnlyList<Deed> Deeds { get; }

    protected RightsNode Rights { get; } = node;

    /// <summary>Whether it was done; false when it was refused for want of a right. Anything else fails the test.</summary>
    public abstract Task<bool> TryAsync(Who who, Deed deed, string channel);
}
