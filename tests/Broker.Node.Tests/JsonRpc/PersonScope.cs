namespace Broker.Node.Tests.JsonRpc;

/// <summary>Something of the host's that lives as long as one connection.</summary>
public sealed class PersonScope : IDisposable
{
    public bool IsOpen { get; private set; } = true;

    public void Dispose() => IsOpen = false;
}
