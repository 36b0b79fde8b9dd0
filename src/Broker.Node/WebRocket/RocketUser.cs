namespace Broker.Node.WebRocket;

/// <summary>A user of a hub of version 2. Its <c>Name</c> was for logs, and is not read.</summary>
internal sealed class RocketUser
{
    public string? Secret { get; set; }

    public int Permission { get; set; }
}
