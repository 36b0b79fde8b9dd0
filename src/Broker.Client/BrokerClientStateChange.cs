namespace Broker.Client;

/// <summary>A client does something else now.</summary>
/// <param name="State">What it does.</param>
/// <param name="End">What the connection before ended by; null where there was none.</param>
/// <param name="RetryIn">How long it waits before it connects again; zero in other states.</param>
public sealed record BrokerClientStateChange(BrokerClientState State, ConnectionEnd? End, TimeSpan RetryIn);
