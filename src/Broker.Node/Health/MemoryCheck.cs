namespace Broker.Node.Health;

/// <summary>The node is not over its memory mark, where it lets nobody in.</summary>
internal sealed class MemoryCheck(MemoryMark memory) : IReadinessCheck
{
    public const string Title = "memory";

    public string Name => Title;

    public ValueTask<string?> FailureAsync() => new(memory.IsOver ? "The node is over its memory mark, and lets nobody in." : null);
}
