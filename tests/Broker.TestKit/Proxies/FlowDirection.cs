namespace Broker.TestKit.Proxies;

/// <summary>A way through a proxy.</summary>
[Flags]
public enum FlowDirection
{
    None = 0,
    ToServer = 1,
    ToClient = 2,
    Both = ToServer | ToClient,
}
